import { timingSafeEqual } from 'node:crypto'
import type { AddressRange } from '@tocsin/address'
import type { Clock } from '@tocsin/model'
import { CertificateLoginBody, formatSeconds, LoginBody, RegistrationBody } from '@tocsin/protocol'
import { type Machine, type MachineStore, StoreError } from '@tocsin/store'
import type { Log } from '@tocsin/telemetry'
import { type CertificatePolicy, certificateFault } from '../auth/certificate-check.ts'
import type { FailureLimiter } from '../auth/failure-limiter.ts'
import { issueToken, tokenLifetimeMs } from '../auth/jwt.ts'
import type { MachineAuth } from '../auth/machine-auth.ts'
import { hashPassword, isOutdatedHash, isPassword, maxPasswordBytes } from '../auth/passwords.ts'
import { type Answer, empty, json, refusal, tokenRefusal } from '../http/answer.ts'
import type { Call } from '../http/call.ts'
import { type Handlers, machineOf } from './handler.ts'
import { decodeCallBody, readCallBody } from './read-call-body.ts'
import { isLocalCaller, isWithin } from './trusted-caller.ts'

export interface WatcherRoutesDeps {
  readonly machines: MachineStore
  readonly auth: MachineAuth
  readonly secret: string
  readonly clock: Clock
  readonly log: Log
  readonly certificates: CertificatePolicy
  /** Failed logins by machine and address, failed logins and registrations by address. */
  readonly machineLimiter: FailureLimiter
  readonly addressLimiter: FailureLimiter
  readonly refusesRemoteRegistration: boolean
  readonly autoRegistration:
    | { readonly token: string; readonly allowedRanges: readonly AddressRange[] }
    | undefined
}

/** Machines: introducing themselves, logging in, being alive, leaving. */
export function watcherRoutes(deps: WatcherRoutesDeps): Handlers {
  const { machines, auth, clock } = deps
  return {
    register: (call) => register(call, deps),
    login: (call) => (call.tlsPeer ? loginByCertificate(call, deps) : loginByPassword(call, deps)),
    refreshToken: (call) => {
      const verdict = auth.verdictOf(call)
      if (verdict.kind === 'refused') throw tokenRefusal(verdict.status, verdict.message)
      const { machineId, issuedMs } = verdict.claims
      if (clock.nowMs() - issuedMs >= tokenLifetimeMs) throw tokenRefusal(401, 'token is expired')
      return tokenAnswer(auth.known(machineId).machineId, deps)
    },
    heartbeat: (_call, identity) => {
      machines.touchHeartbeat(machineOf(identity).machineId)
      return empty(200)
    },
    unregister: async (_call, identity) => {
      const { machineId } = machineOf(identity)
      if (await machines.delete(machineId)) return empty(204)
      throw refusal(404, `'${machineId}' does not exist`)
    },
  }
}

async function register(call: Call, deps: WatcherRoutesDeps): Promise<Answer> {
  if (deps.refusesRemoteRegistration && !isLocalCaller(call)) throw refusal(403, 'access forbidden')
  const waitSeconds = deps.addressLimiter.waitSeconds(call.ip)
  if (waitSeconds > 0) throw refusal(429, 'too many attempts')
  const body = readCallBody(RegistrationBody, call, 422)
  if (Buffer.byteLength(body.password) > maxPasswordBytes) throw refusal(400, 'unable to hash')
  const isValidated = isAutoRegistered(call, body.registration_token, deps)
  // Anybody may register, and each costs a hash and a row.
  deps.addressLimiter.addFailure(call.ip)
  try {
    await deps.machines.add({
      machineId: body.machine_id,
      passwordHash: await hashPassword(body.password),
      ipAddress: call.ip,
      isValidated,
      authType: 'password',
    })
  } catch (error) {
    if (!(error instanceof StoreError) || error.code !== 'TOC_STORE_EXISTS') throw error
    throw refusal(403, `user '${body.machine_id}': user already exist`)
  }
  deps.log.info({ machine: body.machine_id, client: call.ip, isValidated }, 'machine registered')
  return empty(isValidated ? 202 : 201)
}

/** @throws {Refusal} 401 when a token is given and does not open this door. */
function isAutoRegistered(
  call: Call,
  token: string | undefined,
  { autoRegistration, addressLimiter }: WatcherRoutesDeps,
): boolean {
  if (!autoRegistration || token === undefined) return false
  const [given, wanted] = [Buffer.from(token), Buffer.from(autoRegistration.token)]
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) {
    addressLimiter.addFailure(call.ip)
    throw refusal(401, 'invalid token for auto registration')
  }
  if (isWithin(call.ip, autoRegistration.allowedRanges)) return true
  throw refusal(401, 'IP not in allowed range for auto registration')
}

const wrong = 'incorrect Username or Password'

async function loginByPassword(call: Call, deps: WatcherRoutesDeps): Promise<Answer> {
  const decoded = decodeCallBody(LoginBody, call)
  if (decoded.kind === 'malformed') throw tokenRefusal(401, `missing: ${decoded.message}`)
  if (decoded.kind === 'invalid') throw tokenRefusal(401, decoded.message)
  const { machine_id: machineId, password, scenarios } = decoded.value
  const keys = { machine: `${call.ip} ${machineId.slice(0, 100)}`, address: call.ip }
  const waitSeconds = Math.max(
    deps.machineLimiter.waitSeconds(keys.machine),
    deps.addressLimiter.waitSeconds(keys.address),
  )
  if (waitSeconds > 0) {
    throw tokenRefusal(429, 'too many failed logins', { 'Retry-After': String(waitSeconds) })
  }
  // Counted before the answer is known, so that attempts side by side count as well.
  deps.machineLimiter.addFailure(keys.machine)
  deps.addressLimiter.addFailure(keys.address)
  const machine = deps.machines.find(machineId)
  const hash = machine?.authType === 'password' ? machine.passwordHash : unknownMachineHash
  const fits = await isPassword(password, hash)
  const agent = readAgent(call.userAgent)
  if (!machine || !fits || machine.authType !== 'password' || !agent) {
    deps.log.warn({ machine: machineId.slice(0, 100), client: call.ip }, 'login refused')
    throw tokenRefusal(401, wrong)
  }
  deps.machineLimiter.forgive(keys.machine)
  deps.addressLimiter.forgive(keys.address)
  // Only who knows the password learns that the machine waits for the operator.
  if (!machine.isValidated) throw tokenRefusal(401, `machine ${machineId} not validated`)
  if (isOutdatedHash(hash)) {
    await deps.machines.replace({ ...machine, passwordHash: await hashPassword(password) })
  }
  return finishLogin(machine, call, { scenarios, version: agent.version }, deps)
}

/** Of no password: an unknown machine takes as long as a known one. */
const unknownMachineHash = `scrypt:16384:8:1:${'A'.repeat(22)}:${'A'.repeat(43)}`

async function loginByCertificate(call: Call, deps: WatcherRoutesDeps): Promise<Answer> {
  const { machines, certificates, clock, log } = deps
  if (!call.tlsPeer) throw tokenRefusal(401, 'no verified cert in request')
  const fault = certificateFault(call.tlsPeer, certificates, clock)
  if (fault !== undefined) {
    log.warn({ client: call.ip, reason: fault }, 'machine certificate refused')
    throw tokenRefusal(401, fault)
  }
  const decoded = decodeCallBody(CertificateLoginBody, call)
  if (decoded.kind !== 'value') throw tokenRefusal(401, `missing: ${decoded.message}`)
  const agent = readAgent(call.userAgent)
  if (!agent) throw tokenRefusal(401, wrong)
  const machineId = `${call.tlsPeer.commonName}@${call.ip}`
  const known = machines.find(machineId)
  if (known && known.authType !== 'tls') {
    const message = `machine ${machineId} attempted to auth with TLS cert but it is configured to use password`
    throw tokenRefusal(401, message)
  }
  const machine =
    known ??
    (await machines.add({
      machineId,
      // No password fits it.
      passwordHash: 'none',
      ipAddress: call.ip,
      isValidated: true,
      authType: 'tls',
    }))
  if (!machine.isValidated) throw tokenRefusal(401, `machine ${machineId} not validated`)
  const login = { scenarios: decoded.value.scenarios, version: agent.version }
  return finishLogin(machine, call, login, deps)
}

const maxScenarioBytes = 100_000

async function finishLogin(
  machine: Machine,
  call: Call,
  login: { readonly scenarios: readonly string[] | undefined; readonly version: string },
  deps: WatcherRoutesDeps,
): Promise<Answer> {
  const scenarios = login.scenarios ?? []
  if (Buffer.byteLength(scenarios.join()) > maxScenarioBytes) throw tokenRefusal(401, wrong)
  if (machine.ipAddress !== '' && machine.ipAddress !== call.ip) {
    const fields = { machine: machine.machineId, before: machine.ipAddress, client: call.ip }
    deps.log.warn(fields, 'machine logs in from another address')
  }
  await deps.machines.updateLogin(machine.machineId, {
    scenarios,
    ipAddress: call.ip,
    version: login.version,
  })
  return tokenAnswer(machine.machineId, deps)
}

function tokenAnswer(machineId: string, { secret, clock }: WatcherRoutesDeps): Answer {
  const nowMs = clock.nowMs()
  const expire = formatSeconds(nowMs + tokenLifetimeMs)
  return json(200, { code: 200, expire, token: issueToken(machineId, secret, nowMs) })
}

/** `crowdsec/v1.6.0-debian`: a name, one slash, a version. */
function readAgent(text: string): { readonly version: string } | undefined {
  const parts = text.split('/')
  return parts.length === 2 ? { version: parts[1] ?? '' } : undefined
}
