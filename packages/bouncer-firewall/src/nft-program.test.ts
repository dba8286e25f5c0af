import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { NftProgram } from './nft-program.ts'
import { createProgramRunner, type Ran } from './run-program.ts'

/** An nft that notes what it is given and answers this. */
function fake(answer: Partial<Ran> = {}) {
  const inputs: string[] = []
  const calls: string[] = []
  const nft = new NftProgram(async (program, args, input) => {
    calls.push([program, ...args].join(' '))
    if (input) inputs.push([...input].join(''))
    return { status: 0, stdout: '', stderr: '', ...answer }
  })
  return { nft, inputs, calls }
}

suite('NftProgram', () => {
  test('a change is one transaction', async () => {
    const { nft, inputs, calls } = fake()
    await nft.apply(['{"a":1}'], ['{"b":2}', '{"c":3}'], 1_000)
    assert.deepEqual(inputs, ['{"nftables":[{"a":1},{"b":2},{"c":3}]}'])
    assert.deepEqual(calls, ['nft -j -f -'])
  })

  test('what is too much for one is several, the first with what must go together', async () => {
    const { nft, inputs } = fake()
    const command = `{"x":"${'y'.repeat(600)}"}`
    await nft.apply(['{"a":1}', '{"b":2}'], [command, command, command, command, command], 20)
    assert.deepEqual(
      inputs.map((input) => (JSON.parse(input) as { nftables: unknown[] }).nftables.length),
      [4, 2, 1],
    )
  })

  test('no command at all is a document still', async () => {
    const { nft, inputs } = fake()
    await nft.apply([], [], 10)
    assert.deepEqual(inputs, ['{"nftables":[]}'])
  })

  const failures = {
    'Error: Could not process rule: No such file or directory': 'TOC_BOUNCER_CONFLICT',
    'Error: Could not process rule: File exists': 'TOC_BOUNCER_CONFLICT',
    'Error: Could not process rule: Too many open files in system': 'TOC_BOUNCER_FULL',
    'Error: Could not process rule: No space left on device': 'TOC_BOUNCER_FULL',
    'netlink: Error: cache initialization failed: Operation not permitted':
      'TOC_BOUNCER_UNAVAILABLE',
  }
  for (const [stderr, code] of Object.entries(failures)) {
    test(`${stderr}: ${code}`, async () => {
      const { nft } = fake({ status: 1, stderr })
      await assert.rejects(nft.apply(['{}'], [], 1), { code })
    })
  }

  test('a set that is not there has no elements', async () => {
    const { nft } = fake({ status: 1, stderr: 'Error: No such file or directory' })
    assert.deepEqual(await nft.listElements('map', 'inet', 'tocsin', 'range4'), [])
  })

  test('a listing is read', async () => {
    const stdout = '{"nftables":[{"metainfo":{}},{"map":{"name":"m","elem":["1.2.3.4"]}}]}'
    const { nft } = fake({ stdout })
    assert.deepEqual(await nft.listElements('map', 'inet', 'tocsin', 'm'), ['1.2.3.4'])
    assert.equal((await nft.listStructure()).length, 2)
  })
})

suite('programs', () => {
  const run = createProgramRunner()

  test('are given their input as a file and their arguments as they are', async () => {
    const ran = await run('cat', ['-', '/dev/null'], ['a "b"\n', '$(id)'])
    assert.deepEqual(ran, { status: 0, stdout: 'a "b"\n$(id)', stderr: '' })
    const echoed = await run('echo', ['$HOME', ';', '`id`'])
    assert.equal(echoed.stdout, '$HOME ; `id`\n')
  })

  test('that are not there are said to be unavailable', async () => {
    await assert.rejects(run('tocsin-no-such-program', []), { code: 'TOC_BOUNCER_UNAVAILABLE' })
  })

  test('tell how they ended', async () => {
    assert.equal((await run('false', [])).status, 1)
  })

  test('that take too long are ended', async () => {
    const patient = createProgramRunner({ timeoutMs: 100 })
    assert.equal((await patient('sleep', ['60'])).status, -1)
  })
})
