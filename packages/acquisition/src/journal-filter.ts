/** Options of journalctl that choose what is read, those with a value first. */
const longOptions: ReadonlySet<string> = new Set([
  ...['unit', 'user-unit', 'identifier', 'exclude-identifier', 'priority', 'facility', 'grep'],
  ...['case-sensitive', 'boot', 'since', 'until', 'directory', 'file', 'root', 'image'],
  ...['namespace', 'machine', 'invocation'],
  ...['dmesg', 'merge', 'system', 'user', 'quiet', 'all', 'no-hostname'],
])
const valueLetters = 'utpgSUDMTb'
const flagLetters = 'kmqa'

/**
 * Says why an argument of `journalctl_filter` is refused: it must choose what is read, and neither
 * change the journal (`--vacuum-size=1`) nor the form in which it is read (`--output=cat`).
 */
export function refuseJournalArgument(argument: string): string | undefined {
  if (!argument.startsWith('-')) return undefined
  if (argument.startsWith('--')) {
    const name = argument.slice(2).split('=', 1)[0] ?? ''
    return longOptions.has(name) ? undefined : `--${name} does not choose what is read`
  }
  const letter = argument.charAt(1)
  if (letter !== '' && valueLetters.includes(letter)) return undefined
  const wrong = [...argument.slice(1)].find((flag) => !flagLetters.includes(flag))
  if (wrong === undefined && argument.length > 1) return undefined
  return `-${wrong ?? ''} does not choose what is read`
}
