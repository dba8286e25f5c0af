import { appendFileSync, readFileSync, watch } from 'node:fs'

/**
 * Run as a program, in the place of `journalctl`: gives the entries of a file, one JSON object a
 * line, from a cursor or from the end on, and with `--follow` those that come. Its first argument is
 * the file; beside it `log` gets the arguments.
 */
function run([file = '', ...args]: readonly string[]): void {
  appendFileSync(`${file}.log`, `${args.join(' ')}\n`)
  const optionOf = (name: string) =>
    args.find((arg) => arg.startsWith(`${name}=`))?.slice(name.length + 1)
  const complaint = optionOf('_COMPLAIN')
  if (complaint) process.stderr.write(`${complaint}\n`)
  if (args.includes('_EXIT=1')) process.exit(1)
  const cursor = optionOf('--after-cursor')
  const entries = () => readFileSync(file, 'utf8').split('\n').slice(0, -1)
  let at = args.includes('--lines=0') ? entries().length : 0
  if (cursor !== undefined) {
    at = entries().findIndex((entry) => JSON.parse(entry).__CURSOR === cursor) + 1
  }
  const give = () => {
    const all = entries()
    for (; at < all.length; at++) process.stdout.write(`${all[at]}\n`)
  }
  give()
  if (args.includes('--follow')) watch(file, give)
}

if (process.argv[1] === import.meta.filename) run(process.argv.slice(2))
