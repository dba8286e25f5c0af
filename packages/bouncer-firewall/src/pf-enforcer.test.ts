import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { type AddressRange, parseAddress, parseAddressOrRange } from '@tocsin/address'
import { BanTable } from '@tocsin/bouncer'
import { enforcerContract, rangeOf } from '@tocsin/bouncer/testing'
import { PfEnforcer } from './pf-enforcer.ts'
import type { RunProgram } from './run-program.ts'

interface Entry {
  readonly range: AddressRange
  readonly isException: boolean
}

/** What pfctl does with what we tell it: tables of which the narrowest entry counts, and rules. */
class FakePf {
  readonly calls: string[] = []
  main = 'anchor "tocsin" all'
  rules: string[] = []
  #tables = new Map<string, Map<string, Entry>>()

  readonly run: RunProgram = async (program, args, input) => {
    const text = input ? [...input].join('') : ''
    this.calls.push([program, ...args].join(' ') + (text === '' ? '' : ` < ${text.trim()}`))
    const [stdout, status] = this.#answer(args, text)
    return { status, stdout, stderr: status === 0 ? '' : stdout }
  }

  forget(): void {
    this.rules = []
    this.#tables = new Map()
  }

  #answer(args: readonly string[], text: string): [string, number] {
    const isOurs = args[0] === '-a' && args[1] === 'tocsin'
    const rest = isOurs ? args.slice(2) : args
    const [verb = '', second = ''] = rest
    if (verb === '-k') return ['', 0]
    if (verb === '-s' && second === 'rules') return [isOurs ? this.rules.join('\n') : this.main, 0]
    if (verb === '-s' && second === 'labels') return ['tocsin 9 7 420 7 420 0 0\n', 0]
    if (verb === '-f') {
      this.rules = text.split('\n').filter((line) => line.startsWith('block '))
      return ['', 0]
    }
    if (verb === '-F') {
      this.rules = []
      return ['', 0]
    }
    if (verb === '-t') return this.#table(second, rest[3] ?? '', rest[4] ?? '', text)
    return [`pfctl: unknown ${args.join(' ')}`, 1]
  }

  #table(name: string, verb: string, address: string, text: string): [string, number] {
    const entries = this.#tables.get(name) ?? new Map<string, Entry>()
    this.#tables.set(name, entries)
    if (verb === 'flush' || verb === 'replace') entries.clear()
    if (verb === 'add' || verb === 'delete' || verb === 'replace') {
      for (const line of text.split('\n').filter((line) => line !== '')) {
        const range = parseAddressOrRange(line.replace('!', ''))
        if (!range) return [`pfctl: bad address ${line}`, 1]
        if (verb === 'delete') entries.delete(line)
        else entries.set(line, { range, isException: line.startsWith('!') })
      }
    }
    if (verb === 'show') return [[...entries.keys()].map((key) => `   ${key}\n`).join(''), 0]
    if (verb !== 'test') return ['', 0]
    const asked = parseAddress(address)
    const around = [...entries.values()]
      .filter(({ range }) => asked && range.contains(asked))
      .sort((a, b) => b.range.prefixLength - a.range.prefixLength)
    const isIn = around[0] !== undefined && !around[0].isException
    return [isIn ? '1/1 addresses match.' : '0/1 addresses match.', isIn ? 0 : 2]
  }
}

enforcerContract('pf (as pfctl is told)', async () => {
  const pf = new FakePf()
  const clock = { nowMs: () => 1_767_225_600_000 }
  const enforcer = new PfEnforcer({ run: pf.run })
  return { enforcer, clock, lose: async () => pf.forget() }
})

suite('PfEnforcer', () => {
  const none = new BanTable()
  const nothing = { rebuild: false, add: none, update: none, replaced: none, remove: none }

  test('says these commands', async () => {
    const pf = new FakePf()
    const enforcer = new PfEnforcer({ run: pf.run, deny: 'reject', isLogged: true })
    const add = BanTable.of([
      { range: rangeOf('198.51.100.0/24'), expiresS: 9, origin: 'cscli' },
      { range: rangeOf('2001:db8::7'), expiresS: 9, origin: 'cscli' },
    ])
    const allow = [rangeOf('198.51.100.7')]
    await enforcer.apply({ ...nothing, rebuild: true, add, allow, closed: false })
    assert.deepEqual(pf.calls, [
      'pfctl -a tocsin -f - < table <tocsin> persist\ntable <tocsin-allow> persist\nblock return in log quick from <tocsin> to any label "tocsin"',
      'pfctl -a tocsin -t tocsin -T flush',
      'pfctl -a tocsin -t tocsin-allow -T show',
      'pfctl -a tocsin -t tocsin-allow -T replace -f - < 198.51.100.7',
      'pfctl -a tocsin -t tocsin -T add -f - < !198.51.100.7',
      'pfctl -a tocsin -t tocsin -T add -f - < 198.51.100.0/24\n2001:db8::7',
      'pfctl -k 198.51.100.0/24',
      'pfctl -k 2001:db8::7',
    ])
  })

  test('a pf.conf without the anchor is said', async () => {
    const pf = new FakePf()
    pf.main = 'pass all'
    await assert.rejects(new PfEnforcer({ run: pf.run }).isWhole(), /add the line anchor "tocsin"/)
  })

  test('drops are read from the label', async () => {
    const drops = await new PfEnforcer({ run: new FakePf().run }).readDrops()
    assert.deepEqual(drops, [{ origin: 'all', packets: 7, bytes: 420 }])
  })

  test('an anchor is a name and nothing else', () => {
    const { run } = new FakePf()
    for (const anchor of ['', '-f /etc/passwd', 'a b', '*', 'x'.repeat(100)]) {
      assert.throws(() => new PfEnforcer({ run, anchor }), RangeError)
    }
  })
})
