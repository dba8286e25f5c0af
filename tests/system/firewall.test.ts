import { suite } from 'node:test'
import { enforcerContract } from '@tocsin/bouncer/testing'
import { NftablesEnforcer } from '@tocsin/bouncer-firewall'
import { systemClock } from '@tocsin/model'
import { FirewallLab, whyNoFirewallLab } from './support/firewall-lab.ts'

const reason = whyNoFirewallLab()
if (reason !== undefined) {
  console.error(`firewall is skipped: ${reason}`)
  suite('firewall', { skip: reason }, () => {})
} else {
  enforcerContract('nftables', async () => {
    const lab = await FirewallLab.create('owes')
    const enforcer = new NftablesEnforcer({ run: lab.runProgram, nowMs: () => Date.now() })
    enforcer[Symbol.asyncDispose] = () => lab[Symbol.asyncDispose]()
    return {
      enforcer,
      clock: systemClock,
      lose: async () => {
        await lab.onHost('nft', 'flush', 'ruleset')
      },
    }
  })
}
