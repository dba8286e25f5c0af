import { type Enforcer, MemoryEnforcer } from '@tocsin/bouncer'
import {
  createProgramRunner,
  IpsetEnforcer,
  NftablesEnforcer,
  PfEnforcer,
} from '@tocsin/bouncer-firewall'
import { systemClock } from '@tocsin/model'
import { CommandError, type Output } from '../terminal/streams.ts'
import { DryRunEnforcer } from './dry-run-enforcer.ts'
import type { FirewallSettings } from './firewall-settings.ts'

/** The enforcer that these settings ask for. */
export function createEnforcer(settings: FirewallSettings, out: Output): Enforcer {
  const nowMs = () => systemClock.nowMs()
  const run = createProgramRunner()
  switch (settings.mode) {
    case 'dry-run':
      return new DryRunEnforcer(new MemoryEnforcer({ clock: systemClock }), systemClock, (line) =>
        out.write(`${line}\n`),
      )
    case 'nftables':
      return new NftablesEnforcer({
        run,
        nowMs,
        table: settings.table,
        hooks: settings.hooks,
        priority: settings.priority,
        deny: settings.deny,
        established: settings.established,
        ...(settings.logPrefix !== undefined && { logPrefix: settings.logPrefix }),
      })
    case 'iptables':
      return new IpsetEnforcer({
        run,
        nowMs,
        chains: settings.iptablesChains,
        setNames: settings.setNames,
        setSize: settings.setSize,
        deny: settings.deny,
        established: settings.established,
        ...(settings.logPrefix !== undefined && { logPrefix: settings.logPrefix }),
      })
    case 'pf':
      return new PfEnforcer({
        run,
        deny: settings.deny,
        isLogged: settings.logPrefix !== undefined,
        established: settings.established,
        ...(settings.pfAnchor !== undefined && { anchor: settings.pfAnchor }),
      })
    case 'ipset':
      // Sets whose rules someone else keeps cannot be known to keep anybody out.
      throw new CommandError(
        'mode ipset is not supported: iptables makes the sets and their rules',
        2,
      )
  }
}
