/** The form as a page: plain HTML that needs no script, in the customer's language, light and dark. */
import { createHash } from 'node:crypto'
import { maxComment } from './answers.ts'
import { directionOf, type FormWords, wordsIn } from './words.ts'

export interface Page {
  readonly language: string
  readonly question: string
  readonly scale: number
  /** What to correct, above the form. */
  readonly error?: string
  readonly score?: number
  readonly comment?: string
}

export function formPage(page: Page): string {
  const words = wordsIn(page.language)
  const error = page.error ? `<p class="error" role="alert" id="error">${escapeHtml(page.error)}</p>` : ''
  return shell(
    page.language,
    page.question,
    `<form method="post">
${error}<fieldset>
<legend><h1>${escapeHtml(page.question)}</h1></legend>
<div class="scores">${scores(page, words)}</div>
<p class="ends"><span>${words.worst}</span><span>${words.best}</span></p>
</fieldset>
<label class="more" for="comment">${words.comment} <small>(${words.optional})</small></label>
<textarea id="comment" name="comment" rows="4" maxlength="${maxComment}">${escapeHtml(page.comment ?? '')}</textarea>
<button>${words.send}</button>
</form>`,
  )
}

/** A page of one thing to say: thanks, already answered, no such question. */
export const notePage = (language: string, title: string, sentence = ''): string =>
  shell(language, title, `<h1>${escapeHtml(title)}</h1>${sentence ? `<p>${escapeHtml(sentence)}</p>` : ''}`)

function scores(page: Page, words: FormWords): string {
  return Array.from({ length: page.scale }, (_, index) => {
    const score = index + 1
    const spoken = words.score.replace('{score}', String(score)).replace('{scale}', String(page.scale))
    const state = `${page.score === score ? ' checked' : ''}${page.error ? ' aria-describedby="error"' : ''}`
    return `<label><input type="radio" name="score" value="${score}" required aria-label="${spoken}"${state}><span aria-hidden="true">${score}</span></label>`
  }).join('')
}

const style = `
:root{color-scheme:light dark;--ground:#f4f7f7;--card:#fff;--text:#161b1e;--dim:#566066;--line:#c9d1d4;--edge:#75828a;--accent:#0f766e;--on:#fff;--bad:#b42318;--wash:#d5f5ee}
@media(prefers-color-scheme:dark){:root{--ground:#0f1315;--card:#1c2226;--text:#e8eced;--dim:#a3adb2;--line:#465158;--edge:#75828a;--accent:#3fbdae;--on:#0f1315;--bad:#ff9b8f;--wash:#084843}}
*{box-sizing:border-box}
body{margin:0;min-height:100dvh;display:grid;place-items:center;padding:16px;background:var(--ground);color:var(--text);font:16px/1.5 system-ui,sans-serif}
main{width:100%;max-width:30rem;background:var(--card);border:1px solid var(--line);border-radius:14px;padding:clamp(20px,6vw,36px)}
h1{margin:0 0 20px;font-size:1.4rem;line-height:1.25;text-wrap:balance}
main>h1{margin-block-end:8px}
p{margin:0}
fieldset{border:0;margin:0;padding:0;min-width:0}
legend{padding:0}
.scores{display:flex;gap:8px}
.scores label{flex:1;position:relative;min-width:0}
.scores input{position:absolute;inset:0;width:100%;height:100%;margin:0;opacity:0;cursor:pointer}
.scores span{display:grid;place-items:center;min-height:52px;border:1.5px solid var(--edge);border-radius:10px;font-weight:600;font-variant-numeric:tabular-nums}
.scores label:has(~label input:checked) span{background:var(--wash);border-color:var(--accent)}
.scores input:hover+span{border-color:var(--accent)}
.scores input:checked+span{background:var(--accent);border-color:var(--accent);color:var(--on)}
:is(.scores input:focus-visible+span,textarea:focus-visible,button:focus-visible){outline:3px solid var(--accent);outline-offset:2px}
.ends{display:flex;justify-content:space-between;margin-block:6px 24px;color:var(--dim);font-size:.875rem}
.more{display:block;margin-block-end:6px;font-weight:500}
small{color:var(--dim);font-weight:400}
textarea{width:100%;padding:10px 12px;border:1.5px solid var(--edge);border-radius:10px;background:transparent;color:inherit;font:inherit;resize:vertical}
button{width:100%;min-height:48px;margin-block-start:20px;border:0;border-radius:10px;background:var(--accent);color:var(--on);font:inherit;font-weight:600;cursor:pointer}
.error{margin-block-end:16px;color:var(--bad);font-weight:500}
@media(max-width:26rem){.scores{gap:4px}}
@media(forced-colors:active){.scores input:checked+span{outline:3px solid Highlight}}
`

function shell(language: string, title: string, inside: string): string {
  return `<!doctype html>
<html lang="${language}" dir="${directionOf(language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
</head>
<body>
<main>
${inside}
</main>
</body>
</html>
`
}

const styleHash = createHash('sha256').update(style).digest('base64')

/** The link is the right to answer: it must not leak by a referrer or a cache, and nothing foreign may run beside it. */
export const pageHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': `default-src 'none'; style-src 'sha256-${styleHash}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
}

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (sign) => escapes[sign]!)
