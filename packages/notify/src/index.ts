export { alertsValue, type NotifiedAlert } from './template/alert-value.ts'
export { compileTemplate, type Template, type TemplateServices } from './template/template.ts'
export { TemplateError } from './template/template-error.ts'
