import { execFile } from 'node:child_process'
import type { Log } from '@tocsin/telemetry'

/**
 * Tells systemd how far we are, when it started us. Node has no datagram sockets of the Unix kind,
 * so the program that comes with systemd does it.
 */
export async function notifySystemd(
  state: 'READY=1' | 'STOPPING=1' | 'WATCHDOG=1',
  env: Readonly<Record<string, string | undefined>>,
  log: Log,
): Promise<void> {
  if (!env.NOTIFY_SOCKET) return
  await new Promise<void>((resolve) => {
    execFile('systemd-notify', [state], (error) => {
      if (error) log.warn({ state, reason: error.message }, 'systemd could not be told')
      resolve()
    })
  })
}
