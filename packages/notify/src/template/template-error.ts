/** A template that cannot be read or rendered, with the place in its text. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError'
  readonly code: 'TOC_NOTIFY_TEMPLATE' | 'TOC_NOTIFY_TEMPLATE_FUNCTION' | 'TOC_NOTIFY_RENDER'
  readonly start: number
  readonly end: number
  readonly hint: string | undefined

  constructor(
    code: TemplateError['code'],
    message: string,
    place: { readonly start: number; readonly end: number },
    hint?: string,
  ) {
    super(message)
    this.code = code
    this.start = place.start
    this.end = place.end
    this.hint = hint
  }
}
