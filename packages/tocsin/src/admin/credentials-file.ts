import { randomInt, randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Config } from '@tocsin/config'
import { CommandError } from '../terminal/streams.ts'

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYabcdefghijklmnopqrstuvwxyz0123456789'
const passwordLength = 64

/** 64 letters and digits. */
export function createPassword(): string {
  return randomText(passwordLength)
}

/** 48 letters and digits: 32 of this machine's id, 16 of chance. */
export function createMachineId(): string {
  return machineId().replaceAll('-', '').slice(0, 32) + randomText(16).toLowerCase()
}

function machineId(): string {
  try {
    const text = readFileSync('/etc/machine-id', 'utf8').trim()
    if (text.length >= 32) return text
  } catch {
    // Not every system has one; chance serves as well.
  }
  return randomUUID()
}

function randomText(length: number): string {
  return Array.from({ length }, () => letters[randomInt(letters.length)]).join('')
}

/** How an agent finds and logs in to its Local API. */
export interface Credentials {
  readonly url: string
  readonly login: string
  readonly password: string
}

/** `local_api_credentials.yaml`. */
export function formatCredentials({ url, login, password }: Credentials): string {
  return `url: ${JSON.stringify(url)}\nlogin: ${JSON.stringify(login)}\npassword: ${JSON.stringify(password)}\n`
}

/** Writes credentials, readable for their owner alone. @throws {CommandError} */
export function writeCredentials(path: string, credentials: Credentials): void {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    writeFileSync(path, formatCredentials(credentials), { mode: 0o600 })
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new CommandError(`cannot write credentials: ${reason}`)
  }
}

/** Refuses to overwrite somebody's credentials. @throws {CommandError} */
export function refuseExisting(path: string): void {
  if (!existsSync(path)) return
  const hint = 'use --force to overwrite it, or -f to write another file'
  throw new CommandError(`credentials file ${path} already exists: ${hint}`)
}

/** Where agents of this machine reach the Local API: the socket rather than the port. */
export function localUrl(config: Config): string {
  const { listenSocket, listenUri = '127.0.0.1:8080', tls } = config.server ?? {}
  if (listenSocket !== undefined) return listenSocket
  // Nobody calls "every address".
  const place = listenUri.replace(/^(?:0\.0\.0\.0|\[::\])?:/, '127.0.0.1:')
  return `${tls ? 'https' : 'http'}://${place}/`
}
