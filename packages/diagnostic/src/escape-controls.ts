// C0 and C1 controls, and the marks that reorder or hide text in a terminal.
const unsafe =
  /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g

/** Makes text from logs or files safe to print: what could drive a terminal becomes `\u001b`. */
export function escapeControls(text: string): string {
  return text
    .replaceAll('\t', ' ')
    .replace(unsafe, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
