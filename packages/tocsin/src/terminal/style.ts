import { styleText } from 'node:util'

/** How text is marked up for a terminal; every mark is the text itself when colour is off. */
export interface Style {
  readonly bold: (text: string) => string
  readonly dim: (text: string) => string
  readonly red: (text: string) => string
  readonly green: (text: string) => string
  readonly yellow: (text: string) => string
  readonly cyan: (text: string) => string
}

const same = (text: string) => text
const plain: Style = { bold: same, dim: same, red: same, green: same, yellow: same, cyan: same }

const mark = (format: Parameters<typeof styleText>[0]) => (text: string) =>
  styleText(format, text, { validateStream: false })

const coloured: Style = {
  bold: mark('bold'),
  dim: mark('dim'),
  red: mark('red'),
  green: mark('green'),
  yellow: mark('yellow'),
  cyan: mark('cyan'),
}

/** Colour only on a terminal and without NO_COLOR. */
export function createStyle(
  stream: { readonly isTTY?: boolean },
  env: Readonly<Record<string, string | undefined>>,
): Style {
  return stream.isTTY === true && !env.NO_COLOR ? coloured : plain
}
