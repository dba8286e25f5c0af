import type { NotificationType } from './notification.ts'

const lines = `{{range . -}}
{{.Message}}
{{- range .Decisions}}
{{.Type}} of {{.Value}} for {{.Duration}} ({{.Scenario}})
{{- end}}
{{end -}}
`

const page = `<html><body>
{{range . -}}
<p>{{.Message | HTMLEscape}}</p>
{{range .Decisions -}}
<p><b>{{.Value | HTMLEscape}}</b>: {{.Type | HTMLEscape}} for {{.Duration | HTMLEscape}}, {{.Scenario | HTMLEscape}}</p>
{{end -}}
{{end -}}
</body></html>
`

const records = `{{range . -}}
{"time":{{.StopAt | toJson}},"program":"tocsin","alert":{{. | toJson}}}
{{end -}}
`

/** What is sent when the file has no `format`. */
export const defaultTemplates: Readonly<Record<NotificationType, string>> = {
  email: page,
  file: records,
  http: '{{. | toJson}}',
  sentinel: '{{. | toJson}}',
  slack: lines,
  splunk: '{{. | toJson}}',
}

/** What alarms are sent as when the file has no `alarm_format`; others use their `format`. */
export const defaultAlarmTemplates: Readonly<Partial<Record<NotificationType, string>>> = {
  email: '<html><body>{{range .}}<p>{{.Message | HTMLEscape}}</p>{{end}}</body></html>',
  slack: ':warning: {{range .}}{{.Message}}{{end}}',
}
