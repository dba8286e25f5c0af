import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Checks out an older revision beside this one, with the dependencies and the measuring scripts of
 * today. Dispose of it to have it removed.
 */
export function checkOut(
  root: string,
  revision: string,
  directory: string,
): Disposable & {
  readonly root: string
} {
  const other = join(directory, 'revision')
  const git = (...args: string[]) => execFileSync('git', args, { cwd: root, stdio: 'ignore' })
  git('worktree', 'add', '--detach', '--force', other, revision)
  linkModules(join(root, 'node_modules'), join(other, 'node_modules'), ['@tocsin'])
  mkdirSync(join(other, 'node_modules/@tocsin'))
  for (const name of readdirSync(join(other, 'packages'))) {
    symlinkSync(join(other, 'packages', name), join(other, 'node_modules/@tocsin', name))
    const own = join(root, 'packages', name, 'node_modules')
    if (existsSync(own)) linkModules(own, join(other, 'packages', name, 'node_modules'), [])
  }
  const scripts = 'packages/tocsin/bench/engine'
  cpSync(join(root, scripts), join(other, scripts), { recursive: true })
  return { root: other, [Symbol.dispose]: () => git('worktree', 'remove', '--force', other) }
}

function linkModules(from: string, to: string, except: readonly string[]): void {
  mkdirSync(to, { recursive: true })
  for (const name of readdirSync(from)) {
    if (!except.includes(name)) symlinkSync(join(from, name), join(to, name))
  }
}
