import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { BanTable } from './ban-table.ts'
import { formatPrometheus } from './prometheus-text.ts'
import { rangeOf } from './testing/enforcer-contract.ts'
import { countBans, UsageMetrics } from './usage-metrics.ts'

const startedMs = 1_767_225_600_000
const component = {
  type: 'crowdsec-firewall-bouncer',
  version: 'v0.1.0',
  os: { name: 'linux', version: '6.18' },
  startedMs,
}

function held(...origins: readonly (readonly [string, string])[]): BanTable {
  return BanTable.of(
    origins.map(([text, origin]) => ({ range: rangeOf(text), expiresS: 1, origin })),
  )
}

suite('usage metrics', () => {
  test('drops are what came since the last report, bans are what stands', () => {
    const usage = new UsageMetrics(component)
    const bans = held(['192.0.2.1', 'cscli'], ['192.0.2.2', 'cscli'], ['2001:db8::/64', 'CAPI'])
    const drops = [
      { origin: undefined, packets: 100, bytes: 9_000 },
      { origin: 'cscli', packets: 7, bytes: 420 },
    ]
    const first = usage.report(drops, bans, startedMs + 900_000)
    assert.deepEqual(first.remediation_components, [
      {
        type: 'crowdsec-firewall-bouncer',
        version: 'v0.1.0',
        os: { name: 'linux', version: '6.18' },
        feature_flags: [],
        utc_startup_timestamp: 1_767_225_600,
        metrics: [
          {
            meta: { window_size_seconds: 900, utc_now_timestamp: 1_767_226_500 },
            items: [
              { name: 'processed', value: 100, unit: 'packet', labels: {} },
              { name: 'processed', value: 9_000, unit: 'byte', labels: {} },
              { name: 'dropped', value: 7, unit: 'packet', labels: { origin: 'cscli' } },
              { name: 'dropped', value: 420, unit: 'byte', labels: { origin: 'cscli' } },
              {
                name: 'active_decisions',
                value: 2,
                unit: 'ip',
                labels: { origin: 'cscli', ip_type: 'ipv4' },
              },
              {
                name: 'active_decisions',
                value: 1,
                unit: 'ip',
                labels: { origin: 'CAPI', ip_type: 'ipv6' },
              },
            ],
          },
        ],
      },
    ])
    const more = [{ origin: 'cscli', packets: 9, bytes: 540 }]
    const items = usage.report(more, undefined, startedMs + 1_800_000).remediation_components[0]
      ?.metrics[0]?.items
    assert.deepEqual(
      items?.map(({ value }) => value),
      [2, 120],
    )
  })

  test('a counter that was made anew counts from nothing', () => {
    const usage = new UsageMetrics(component)
    usage.report([{ origin: 'cscli', packets: 50, bytes: 500 }], undefined, startedMs)
    const again = usage.report([{ origin: 'cscli', packets: 3, bytes: 30 }], undefined, startedMs)
    assert.deepEqual(
      again.remediation_components[0]?.metrics[0]?.items.map(({ value }) => value),
      [3, 30],
    )
  })
})

test('Prometheus reads the peers’ names and ours', () => {
  const status = {
    enforcer: 'nftables',
    expected: 3,
    enforced: 2,
    excluded: 1,
    stance: 'static',
    feed: { pulls: 5, failures: 1, heardMs: undefined, isFailing: false },
    sync: undefined,
    lastChange: undefined,
    totals: { drift: 4, rebuilds: 1, syncFailures: 0, refused: 6 },
    problems: ['no room for 1 bans'],
  } as const
  const bans = countBans(held(['192.0.2.1', 'lists:a"b\\c\nd']))
  const text = formatPrometheus(status, bans, [
    { origin: undefined, packets: 10, bytes: 100 },
    { origin: 'cscli', packets: 7, bytes: 70 },
  ])
  const samples = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  assert.deepEqual(samples, [
    'fw_bouncer_banned_ips{origin="lists:a\\"b\\\\c\\nd",ip_type="ipv4"} 1',
    'fw_bouncer_dropped_packets{origin="cscli"} 7',
    'fw_bouncer_processed_packets 10',
    'fw_bouncer_dropped_bytes{origin="cscli"} 70',
    'fw_bouncer_processed_bytes 100',
    'lapi_requests_total 5',
    'lapi_requests_failures_total 1',
    'tocsin_bouncer_expected 3',
    'tocsin_bouncer_enforced 2',
    'tocsin_bouncer_excluded 1',
    'tocsin_bouncer_healthy 0',
    'tocsin_bouncer_drift_total 4',
    'tocsin_bouncer_rebuilds_total 1',
    'tocsin_bouncer_sync_failures_total 0',
    'tocsin_bouncer_refused_total 6',
  ])
})
