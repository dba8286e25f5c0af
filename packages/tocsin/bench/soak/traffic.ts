import type { Instant } from '@tocsin/model'

/** One line of traffic, and which of the sources it comes from. */
export interface TrafficLine {
  readonly source: 'web' | 'ssh'
  readonly raw: string
}

const pages = [
  '/',
  '/about',
  '/img/logo.png',
  '/style.css',
  '/blog/42',
  '/search?q=tocsin',
  '/api/v1/me',
]
const probes = ['/.env', '/wp-login.php', '/.git/config', '/phpmyadmin/', '/cgi-bin/luci', '/a.php']
const agents = [
  'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0',
  'curl/8.5',
  'sqlmap/1.8',
  'Googlebot/2.1',
]
const users = ['root', 'admin', 'test', 'oracle', 'git', 'postgres', 'anna']

/**
 * Lines of two busy servers under attack, always the same for a seed: visitors who come back, and
 * attackers of whom half are never seen again, so that nothing that is kept for each can stay small.
 */
export class Traffic {
  #state: number

  constructor(seed: number) {
    this.#state = seed
  }

  next(now: Instant): TrafficLine {
    const kind = this.#below(100)
    if (kind < 45) return this.#web(now, this.#visitor(), this.#one(pages), 200, 0)
    if (kind < 65) {
      const path = this.#below(2) === 0 ? this.#one(probes) : `/${this.#below(1e9).toString(36)}`
      return this.#web(now, this.#attacker(), path, 404, 1)
    }
    if (kind < 95) {
      const user = this.#below(3) === 0 ? `u${this.#below(1e6)}` : this.#one(users)
      const port = 1024 + this.#below(60_000)
      return this.#ssh(
        now,
        'sshd',
        `Failed password for invalid user ${user} from ${this.#attacker()} port ${port} ssh2`,
      )
    }
    return this.#ssh(
      now,
      'kernel',
      `task ${this.#below(1e6)} in state ${this.#below(1e9).toString(36)}`,
    )
  }

  #web(now: Instant, address: string, path: string, status: number, agent: number): TrafficLine {
    const iso = now.toString()
    const time = `${iso.slice(8, 10)}/${months[Number(iso.slice(5, 7)) - 1]}/${iso.slice(0, 4)}:${iso.slice(11, 19)} +0000`
    const size = this.#below(100_000)
    const name = agents[(agent + this.#below(3)) % agents.length]
    const raw = `${address} - - [${time}] "GET ${path} HTTP/1.1" ${status} ${size} "-" "${name}"`
    return { source: 'web', raw }
  }

  #ssh(now: Instant, program: string, message: string): TrafficLine {
    const iso = now.toString()
    const time = `${months[Number(iso.slice(5, 7)) - 1]} ${iso.slice(8, 10).replace(/^0/, ' ')} ${iso.slice(11, 19)}`
    return { source: 'ssh', raw: `${time} host ${program}[${this.#below(30_000)}]: ${message}` }
  }

  #visitor(): string {
    return `198.51.${this.#below(4)}.${this.#below(256)}`
  }

  #attacker(): string {
    if (this.#below(2) === 0) return `203.0.113.${this.#below(256)}`
    if (this.#below(4) === 0) {
      return `2001:db8:${this.#below(65_536).toString(16)}:${this.#below(65_536).toString(16)}::${this.#below(65_536).toString(16)}`
    }
    return `${11 + this.#below(80)}.${this.#below(256)}.${this.#below(256)}.${this.#below(256)}`
  }

  #one<T>(list: readonly T[]): T {
    return list[this.#below(list.length)] as T
  }

  #below(limit: number): number {
    this.#state = (Math.imul(this.#state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((this.#state / 2 ** 32) * limit)
  }
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
