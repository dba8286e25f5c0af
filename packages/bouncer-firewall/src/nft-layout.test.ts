import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { NftLayout, type NftLayoutOptions } from './nft-layout.ts'

function rulesOf(options: NftLayoutOptions, chain: string): string[] {
  return new NftLayout(options)
    .rebuild([])
    .map((command) => (command.add as { rule?: { chain: string; expr: unknown } })?.rule)
    .filter((rule) => rule?.chain === chain)
    .map((rule) => JSON.stringify(rule?.expr))
}

suite('NftLayout', () => {
  test('who is allowed goes first, then hosts, then ranges, and last who is closed out', () => {
    const order = rulesOf({}, 'check').map(
      (rule) => /"lo"|@allow\d|@range\d|host4-0|host6-0|net6-0|"closed"/.exec(rule)?.[0],
    )
    assert.deepEqual(order, [
      '"lo"',
      '@allow4',
      '@allow6',
      'host4-0',
      '@range4',
      'host6-0',
      'net6-0',
      '@range6',
      '"closed"',
    ])
  })

  test('chains hang where they are told to, before others', () => {
    const commands = JSON.stringify(
      new NftLayout({ hooks: ['forward'], priority: -300 }).rebuild([]),
    )
    assert.match(commands, /"hook":"forward","prio":-300/)
    assert.doesNotMatch(commands, /"hook":"input"/)
  })

  test('what is denied is dropped, or refused and logged', () => {
    assert.match(rulesOf({}, 'host4-3').join(), /"drop":null/)
    const refused = rulesOf({ deny: 'reject', logPrefix: 'no "way"\n\\: ' }, 'host4-3').join()
    assert.match(refused, /"log":\{"prefix":"no way: "\}.*"admin-prohibited"/)
  })

  test('flows that are there may go on by choice', () => {
    assert.doesNotMatch(rulesOf({}, 'check').join(), /established/)
    assert.match(rulesOf({ established: 'keep' }, 'check')[1] ?? '', /established.*return/)
  })

  test('another layout has another fingerprint, the same has the same', () => {
    const print = (options: NftLayoutOptions) => new NftLayout(options).fingerprint
    assert.equal(print({}), print({ deny: 'drop', hooks: ['input', 'forward'] }))
    const others: NftLayoutOptions[] = [
      { deny: 'reject' },
      { priority: 0 },
      { established: 'keep' },
    ]
    assert.equal(new Set([{}, ...others].map(print)).size, 4)
  })

  test('what is made anew is made in one go with what it replaces', () => {
    const [add, remove, create, counter] = new NftLayout({ table: 'mine' }).rebuild(['by-cscli'])
    assert.deepEqual(
      [add, remove, create, counter],
      [
        { add: { table: { family: 'inet', name: 'mine' } } },
        { delete: { table: { family: 'inet', name: 'mine' } } },
        { add: { table: { family: 'inet', name: 'mine' } } },
        { add: { counter: { family: 'inet', table: 'mine', name: 'by-cscli' } } },
      ],
    )
  })
})
