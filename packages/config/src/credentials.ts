import type { Problems } from '@tocsin/diagnostic'
import type { Variables } from './expand-variables.ts'
import { SectionReader } from './section-reader.ts'
import { readYamlFile } from './yaml-file.ts'

/** As whom, and where, a machine calls its Local API. */
export interface LocalCredentials {
  /** `http://127.0.0.1:8080/`, or the path of a Unix socket. */
  readonly url: string
  readonly login: string | undefined
  readonly password: string | undefined
  readonly caCertPath: string | undefined
  readonly certPath: string | undefined
  readonly keyPath: string | undefined
}

/** As whom, and where, a Local API calls the central service. */
export interface OnlineCredentials {
  readonly url: string
  readonly login: string
  readonly password: string
  readonly papiUrl: string
}

interface CredentialsOrigin {
  readonly variables: Variables
  readonly workingDirectory: string
}

/** Reads `local_api_credentials.yaml`; reports and returns undefined when it is unusable. */
export function readLocalCredentials(
  path: string,
  origin: CredentialsOrigin,
  problems: Problems,
): LocalCredentials | undefined {
  const errorCount = problems.errorCount
  const options = { hasOverlay: true, variables: origin.variables }
  const map = readYamlFile(path, options, problems)
  if (!map) return undefined
  const place = { name: 'credentials', span: map.span, directory: origin.workingDirectory }
  const reader = new SectionReader(map, place, problems)
  const url = reader.text('url')
  const credentials = {
    url: url === undefined || url.startsWith('/') || url.endsWith('/') ? (url ?? '') : `${url}/`,
    login: reader.text('login'),
    password: reader.text('password'),
    caCertPath: reader.path('ca_cert_path'),
    certPath: reader.path('cert_path'),
    keyPath: reader.path('key_path'),
  }
  reader.text('papi_url')
  reader.close()
  const { login, certPath, keyPath } = credentials
  const hasCertificate = certPath !== undefined || keyPath !== undefined
  if (url === undefined) {
    const message = `no credentials or URL found in api client configuration '${path}'`
    reader.fault('url', 'TOC_CONFIG_CREDENTIALS', message)
  } else if (url.startsWith('/')) {
    if (hasCertificate || credentials.caCertPath !== undefined) {
      reader.fault('url', 'TOC_CONFIG_CREDENTIALS', 'cannot use TLS with a unix socket')
    }
  } else if (!/^https?:\/\/./.test(url)) {
    const message = `url must begin with http://, https:// or /, not "${url}"`
    reader.fault('url', 'TOC_CONFIG_CREDENTIALS', message)
  }
  if (hasCertificate && login !== undefined) {
    const message = 'user/password authentication and TLS authentication are mutually exclusive'
    reader.fault('login', 'TOC_CONFIG_CREDENTIALS', message)
  }
  return problems.errorCount === errorCount ? credentials : undefined
}

/** Reads `online_api_credentials.yaml`; a missing field is a warning and switches the service off. */
export function readOnlineCredentials(
  path: string,
  problems: Problems,
): OnlineCredentials | undefined {
  const map = readYamlFile(path, {}, problems)
  if (!map) return undefined
  const reader = new SectionReader(
    map,
    { name: 'credentials', span: map.span, directory: '/' },
    problems,
  )
  const [url, login, password] = ['url', 'login', 'password'].map((key) => {
    const text = reader.text(key)
    if (text === undefined) {
      const message = `can't load CAPI credentials from '${path}' (missing ${key} field)`
      reader.warn(key, 'TOC_CONFIG_CREDENTIALS', message)
    }
    return text
  })
  const papiUrl = reader.text('papi_url') ?? 'https://papi.api.crowdsec.net/'
  reader.close()
  if (url === undefined || login === undefined || password === undefined) return undefined
  return { url, login, password, papiUrl }
}
