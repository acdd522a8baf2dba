/** Texts that have broken chats elsewhere: as a customer, an agent or a vendor may send them. */
export interface Hostile {
  readonly what: string
  readonly text: string
}

export const hostile: readonly Hostile[] = [
  { what: 'a picture with a handler', text: '<img src=x onerror="alert(1)">' },
  { what: 'a script', text: '</p><script>alert(2)</script>' },
  { what: 'a script with a source', text: '"><script src="https://evil.example/x.js"></script>' },
  {
    what: 'a drawing with a handler',
    text: '<svg/onload=alert(3)><style>@import "https://evil.example/x.css"</style>',
  },
  { what: 'a frame', text: '<iframe srcdoc="<script>parent.alert(4)</script>"></iframe>' },
  { what: 'a script address', text: 'javascript:alert(5)' },
  { what: 'a script in a named link', text: '[Click](javascript:alert(6)) [here](JaVaScRiPt:alert(7))' },
  { what: 'a page in a named link', text: '[Open](data:text/html,<script>alert(8)</script>)' },
  { what: 'a link that breaks out', text: 'https://shop.example.com/"onmouseover="alert(9)' },
  { what: 'a picture in Markdown', text: '![x](https://evil.example/pixel.png)' },
  { what: 'a text turned around', text: 'Invoice \u202Egnp.exe\u202C and \u2066more\u2069' },
  { what: 'a very long word', text: `W${'o'.repeat(2000)}w` },
  { what: 'stacked marks', text: `Z${'\u0335\u0336\u0337\u0338\u0311\u0312'.repeat(40)}` },
  { what: 'zero-width signs', text: 'a\u200B\u200C\u200D\u2060\uFEFFb' },
  { what: 'a template', text: '{{constructor.constructor("alert(10)")()}} ${alert(11)} %s %n' },
  { what: 'right-to-left', text: 'مرحبا، هل يمكنني إرجاع هذا؟' },
]

/** A file name that must neither leave its attribute nor its folder. */
export const hostileFileName = `"><img src=x onerror=alert(12)> '..' & co.txt`
