import { createHash } from 'node:crypto'
import { posix } from 'node:path'
import { encodeJson } from '@tocsin/protocol'
import { FunctionError, type FunctionTable, fixed, listOf, looseText, textOf } from '../function.ts'
import { fromData, toPlain } from '../plain-data.ts'
import { isDictionary, kindOf, Struct, type Value } from '../value.ts'
import { decodeBase32, encodeBase32 } from './base32.ts'
import { isEqual } from './equal.ts'

const hashOf = (name: string) =>
  fixed(1, (text) => createHash(name).update(textOf(text)).digest('hex'))
const path = (call: (text: string) => Value) => fixed(1, (text) => call(textOf(text)))

const json = {
  toJson: fixed(1, (value) => encodeJson(toPlain(value))),
  toRawJson: fixed(1, (value) => JSON.stringify(JSON.parse(encodeJson(toPlain(value))))),
  toPrettyJson: fixed(1, (value) =>
    JSON.stringify(JSON.parse(encodeJson(toPlain(value))), undefined, 2),
  ),
}

/** `toJson`, `b64enc`, `sha256sum`, `base`, `urlParse`, `kindOf`…: forms of values and texts. */
export const encodingFunctions: FunctionTable = {
  ...json,
  mustToJson: json.toJson,
  mustToRawJson: json.toRawJson,
  mustToPrettyJson: json.toPrettyJson,
  fromJson: fixed(1, (text) => readJson(textOf(text)) ?? null),
  mustFromJson: fixed(1, (text) => {
    const value = readJson(textOf(text))
    if (value === undefined) throw new FunctionError('the text is not JSON')
    return value
  }),
  b64enc: fixed(1, (text) => Buffer.from(textOf(text)).toString('base64')),
  b64dec: fixed(1, (text) => Buffer.from(textOf(text), 'base64').toString()),
  b32enc: fixed(1, (text) => encodeBase32(Buffer.from(textOf(text)))),
  b32dec: fixed(1, (text) => decodeBase32(textOf(text))),
  sha1sum: hashOf('sha1'),
  sha256sum: hashOf('sha256'),
  sha512sum: hashOf('sha512'),
  adler32sum: fixed(1, (text) => String(adler32(Buffer.from(textOf(text))))),
  base: path((text) => (text === '' ? '.' : posix.basename(text) || '/')),
  dir: path((text) => posix.normalize(posix.dirname(text))),
  clean: path((text) => posix.normalize(text).replace(/(?<=.)\/$/, '')),
  ext: path((text) => /\.[^./]*$/.exec(text)?.[0] ?? ''),
  isAbs: path((text) => text.startsWith('/')),
  urlParse: fixed(1, (text) => parseUrl(textOf(text))),
  urlJoin: fixed(1, joinUrl),
  kindOf: fixed(1, kindOf),
  kindIs: fixed(2, (kind, value) => kindOf(value) === textOf(kind)),
  typeOf: fixed(1, typeOf),
  typeIs: fixed(2, (type, value) => typeOf(value) === textOf(type)),
  deepEqual: fixed(2, isEqual),
  toStringList: fixed(1, (list) => listOf(list).map(looseText)),
}

/** Undefined when it is no JSON; null is null. */
function readJson(text: string): Value {
  try {
    return fromData(JSON.parse(text))
  } catch {
    // What is no JSON is an answer here, not a failure: `fromJson` gives nil for it.
    return undefined
  }
}

function typeOf(value: Value): string {
  if (value instanceof Struct) return `*models.${value.type.name}`
  const kind = kindOf(value)
  if (kind === 'slice') return '[]interface {}'
  return isDictionary(value) ? 'map[string]interface {}' : kind
}

function adler32(bytes: Buffer): number {
  let a = 1
  let b = 0
  for (const byte of bytes) {
    a = (a + byte) % 65521
    b = (b + a) % 65521
  }
  return b * 65536 + a
}

function parseUrl(text: string): Value {
  const match =
    /^(?:([a-z][a-z0-9+.-]*):)?(?:\/\/(?:([^@/?#]*)@)?([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/is.exec(
      text,
    )
  if (!match) throw new FunctionError(`"${text}" is not a URL`)
  const [, scheme = '', userinfo = '', host = '', urlPath = '', query = '', fragment = ''] = match
  return new Map<string, Value>([
    ['scheme', scheme.toLowerCase()],
    ['host', host],
    ['hostname', host.replace(/:\d*$/, '').replace(/^\[(.*)\]$/, '$1')],
    ['path', urlPath],
    ['query', query],
    ['opaque', ''],
    ['fragment', fragment],
    ['userinfo', userinfo],
  ])
}

function joinUrl(value: Value): string {
  if (!isDictionary(value)) throw new FunctionError('expected a dictionary as urlParse gives it')
  const part = (key: string) => looseText(value.get(key))
  const scheme = part('scheme') === '' ? '' : `${part('scheme')}:`
  const user = part('userinfo') === '' ? '' : `${part('userinfo')}@`
  const host = part('host') === '' ? '' : `//${user}${part('host')}`
  const query = part('query') === '' ? '' : `?${part('query')}`
  const fragment = part('fragment') === '' ? '' : `#${part('fragment')}`
  return scheme + host + part('path') + query + fragment
}
