/** Paths of files and terminals. */
export const pathPatterns = String.raw`
UNIXPATH (?:/(?:[\w%!$@:.,~-]|\\.)*)+
WINPATH (?:[A-Za-z]+:|\\)(?:\\[^\\?*]*)+
PATH %{UNIXPATH}|%{WINPATH}
TTY /dev/(?:pts|tty[pq]?)\w*/?\d+
`
