import { suite } from 'node:test'
import { enforcerContract } from '@tocsin/bouncer/testing'
import { IpsetEnforcer, NftablesEnforcer } from '@tocsin/bouncer-firewall'
import { systemClock } from '@tocsin/model'
import { FirewallLab, whyNoFirewallLab } from './support/firewall-lab.ts'

const reason = whyNoFirewallLab()
if (reason !== undefined) {
  console.error(`firewall is skipped: ${reason}`)
  suite('firewall', { skip: reason }, () => {})
} else {
  const nowMs = () => systemClock.nowMs()
  enforcerContract('nftables', async () => {
    const lab = await FirewallLab.create('owes')
    const enforcer = new NftablesEnforcer({ run: lab.runProgram, nowMs })
    enforcer[Symbol.asyncDispose] = () => lab[Symbol.asyncDispose]()
    const lose = async () => {
      await lab.onHost('nft', 'flush', 'ruleset')
    }
    return { enforcer, clock: systemClock, lose }
  })

  enforcerContract('ipset and iptables', async () => {
    const lab = await FirewallLab.create('owes')
    const enforcer = new IpsetEnforcer({
      run: lab.runProgram,
      nowMs,
      chains: { ipv4: ['INPUT', 'DOCKER-USER'], ipv6: ['INPUT'] },
      setNames: { ipv4: 'tocsin4', ipv6: 'tocsin6' },
      setSize: 131_072,
    })
    enforcer[Symbol.asyncDispose] = () => lab[Symbol.asyncDispose]()
    const lose = async () => {
      await lab.onHost('iptables', '-F')
      await lab.onHost('iptables', '-X')
    }
    return { enforcer, clock: systemClock, lose }
  })
}
