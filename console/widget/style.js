/** A constructed stylesheet needs no style-src; logical properties mirror by `dir` alone. */

const css = `
:host { all: initial !important; color-scheme: inherit !important; }
.root {
  --bg: light-dark(#ffffff, #161b1e); --text: light-dark(#1b2124, #e8eced); --muted: light-dark(#566066, #a3adb2);
  --line: light-dark(#dfe4e6, #2f383d); --soft: light-dark(#f1f4f4, #232b2f); --card: light-dark(#ffffff, #1c2226);
  --focus: light-dark(#0b5f59, #74d6c7); --bad: light-dark(#b42318, #ff8b80);
  --wait-bg: light-dark(#fff4e0, #33270f); --wait: light-dark(#7a3e00, #f5c27a);
  all: initial; color-scheme: inherit; position: fixed; z-index: 2147483000; inset-block-end: 20px; inset-inline-end: 20px;
  font: 15px/1.45 system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif; color: var(--text);
}
.root[data-theme=light] { color-scheme: light; }
.root[data-theme=dark] { color-scheme: dark; }
.root[data-side=start] { inset-inline: 20px auto; }
* { box-sizing: border-box; }
[hidden] { display: none !important; }
button, textarea { font: inherit; color: inherit; margin: 0; }
button { cursor: pointer; border: 0; background: none; padding: 0; }
:focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; }
svg { display: block; width: 20px; height: 20px; fill: none; stroke: currentColor; stroke-width: 1.75; stroke-linecap: round; stroke-linejoin: round; }
code { font: .93em ui-monospace, 'SF Mono', Menlo, Consolas, monospace; padding: 1px 4px; border-radius: 4px; background: color-mix(in srgb, currentColor 10%, transparent); }
strong { font-weight: 650; }
a { color: inherit; text-decoration: underline; text-underline-offset: 2px; overflow-wrap: anywhere; }

.launcher {
  position: absolute; inset-block-end: 0; inset-inline-end: 0; width: 58px; height: 58px; border-radius: 50%;
  display: grid; place-items: center; background: var(--accent); color: var(--on-accent);
  box-shadow: 0 1px 2px #0003, 0 8px 24px #0000002e;
}
.root[data-side=start] .launcher, .root[data-side=start] .panel { inset-inline: 0 auto; }
.launcher svg { width: 27px; height: 27px; }
.launcher:hover { filter: brightness(1.08); }
.badge {
  position: absolute; inset-block-start: -3px; inset-inline-end: -3px; min-width: 22px; height: 22px; padding-inline: 6px;
  border-radius: 11px; background: #b42318; color: #fff; font-size: 12px; font-weight: 650; line-height: 22px; text-align: center;
  box-shadow: 0 0 0 2px var(--bg);
}

.panel {
  position: absolute; inset-block-end: 74px; inset-inline-end: 0; width: 384px; height: min(640px, calc(100dvh - 114px));
  display: flex; flex-direction: column; overflow: hidden; background: var(--bg); border-radius: 18px;
  border: 1px solid var(--line); box-shadow: 0 2px 6px #0000001a, 0 18px 48px #00000033;
}
.head { display: flex; align-items: center; gap: 12px; padding: 14px 12px 14px 16px; background: var(--accent); color: var(--on-accent); }
.face {
  flex: none; width: 38px; height: 38px; border-radius: 50%; display: grid; place-items: center; position: relative;
  background: color-mix(in srgb, var(--on-accent) 18%, transparent); font-weight: 650; font-size: 16px;
}
.face::after { content: ''; position: absolute; inset-block-end: -1px; inset-inline-end: -1px; width: 11px; height: 11px; border-radius: 50%; background: #4ade80; border: 2px solid var(--accent); }
.root[data-online=no] .face::after { background: #9aa5aa; }
.who { flex: 1; min-width: 0; }
.title { font-size: 16px; font-weight: 650; line-height: 1.25; margin: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.status { font-size: 13px; line-height: 1.3; margin: 2px 0 0; }
.icon { flex: none; width: 36px; height: 36px; display: grid; place-items: center; border-radius: 10px; }
.head .icon:hover { background: color-mix(in srgb, var(--on-accent) 16%, transparent); }
.head :focus-visible { outline-color: var(--on-accent); outline-offset: -2px; }

.strip { display: flex; align-items: center; gap: 8px; padding: 8px 16px; font-size: 13px; border-block-end: 1px solid var(--line); color: var(--muted); }
.strip span { flex: 1; }
.strip.wait { background: var(--wait-bg); color: var(--wait); border-color: transparent; }
.strip .dot { flex: none; width: 8px; height: 8px; border-radius: 50%; background: currentColor; animation: pulse 1.8s ease-in-out infinite; }
.strip button { font-weight: 600; text-decoration: underline; text-underline-offset: 2px; min-height: 28px; border-radius: 4px; }
.banner { padding: 9px 16px; font-size: 13px; background: light-dark(#2c3438, #38424a); color: #fff; }

.body { position: relative; flex: 1; min-height: 0; }
.log { height: 100%; overflow-y: auto; overscroll-behavior: contain; margin: 0; padding: 18px 16px 10px; list-style: none; display: flex; flex-direction: column; }
.log:focus-visible { outline-offset: -3px; }
.row { display: flex; flex-direction: column; align-items: flex-start; margin-block-start: 3px; max-width: 100%; }
.row.first { margin-block-start: 14px; }
.row:first-child { margin-block-start: 0; }
.row.own { align-items: flex-end; }
.row.hub { align-items: center; margin-block-start: 14px; }
.meta { font-size: 12px; color: var(--muted); margin-block-end: 4px; padding-inline: 4px; }
.meta b { font-weight: 600; color: var(--text); }
.bubble { max-width: 84%; padding: 9px 13px; border-radius: 16px; background: var(--soft); white-space: pre-wrap; overflow-wrap: anywhere; }
.row.bot.first .bubble, .row.agent.first .bubble { border-start-start-radius: 5px; }
.own .bubble { background: var(--accent); color: var(--on-accent); border-end-end-radius: 5px; }
.own.failed .bubble { background: none; color: var(--text); box-shadow: inset 0 0 0 1.5px var(--bad); }
.hub .bubble { max-width: 92%; padding: 4px 12px; background: none; color: var(--muted); font-size: 13px; text-align: center; }
.mark { font-size: 12px; color: var(--muted); margin-block-start: 3px; padding-inline: 4px; }
.mark.bad { color: var(--bad); }
.mark button { color: inherit; font-weight: 600; text-decoration: underline; margin-inline-start: 4px; min-height: 24px; }
.day { align-self: center; font-size: 12px; color: var(--muted); margin-block: 14px 2px; }
.day:first-child { margin-block-start: 0; }

.choices { display: flex; flex-wrap: wrap; gap: 8px; margin-block: 8px 6px; }
.hub .choices { justify-content: center; }
.choice { min-height: 38px; padding: 7px 15px; border-radius: 19px; font-weight: 550; text-align: start; color: var(--text); background: var(--card); border: 1.5px solid var(--accent-line); overflow-wrap: anywhere; }
.choice:hover { background: var(--accent); color: var(--on-accent); border-color: var(--accent); }
.choice[aria-disabled=true] { cursor: default; color: var(--muted); background: none; border-color: var(--line); font-weight: 450; }
.choice.picked[aria-disabled=true] { color: var(--text); border-color: var(--accent-line); font-weight: 600; }
.articles { display: grid; gap: 8px; width: 92%; margin-block-start: 8px; }
.article { display: block; padding: 11px 13px; border: 1px solid var(--line); border-radius: 12px; background: var(--card); text-decoration: none; }
a.article:hover { border-color: var(--accent-line); }
.article b { display: block; font-weight: 600; }
a.article b { text-decoration: underline; text-decoration-color: var(--accent-line); text-underline-offset: 3px; }
.article span { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow: hidden; font-size: 13px; color: var(--muted); margin-block-start: 2px; }
.file { display: flex; align-items: center; gap: 10px; max-width: 84%; padding: 9px 13px; border: 1px solid var(--line); border-radius: 14px; background: var(--card); text-decoration: none; color: var(--text); margin-block-start: 3px; }
.file svg { flex: none; color: var(--muted); }
.file small { display: block; color: var(--muted); font-size: 12px; }
.picture { display: block; max-width: 72%; margin-block-start: 3px; border-radius: 14px; overflow: hidden; border: 1px solid var(--line); background: var(--soft); }
.picture img { display: block; max-width: 100%; max-height: 260px; min-width: 60px; min-height: 40px; }

.survey { width: 100%; padding: 16px; border: 1px solid var(--line); border-radius: 14px; background: var(--card); margin-block-start: 4px; text-align: center; }
.survey fieldset { border: 0; padding: 0; margin: 0; min-width: 0; }
.survey legend { font-weight: 600; padding: 0; margin: 0 auto 8px; }
.stars { display: flex; justify-content: center; gap: 2px; }
.star { position: relative; width: 44px; height: 44px; display: grid; place-items: center; font-size: 30px; line-height: 1; color: light-dark(#a9b3b7, #56636a); border-radius: 8px; }
.star input { position: absolute; inset: 0; opacity: 0; margin: 0; width: 100%; height: 100%; cursor: pointer; }
.star.on { color: light-dark(#b7791f, #f2b84b); }
.star:has(:focus-visible) { outline: 2px solid var(--focus); }
.ends { display: flex; justify-content: space-between; width: 228px; margin: 0 auto 12px; font-size: 12px; color: var(--muted); }
.survey label.words { display: block; text-align: start; font-size: 13px; color: var(--muted); }
.survey textarea { display: block; width: 100%; margin-block: 4px 12px; padding: 8px 10px; border: 1px solid var(--line); border-radius: 10px; background: var(--bg); resize: none; font-size: 15px; }
.actions { display: flex; gap: 8px; justify-content: center; }
.primary { min-height: 38px; padding: 7px 18px; border-radius: 10px; font-weight: 600; background: var(--accent); color: var(--on-accent); }
.primary[aria-disabled=true] { background: var(--soft); color: var(--muted); cursor: default; }
.plain { min-height: 38px; padding: 7px 14px; border-radius: 10px; color: var(--muted); }
.plain:hover { background: var(--soft); }

.typing { display: flex; align-items: center; gap: 8px; padding: 0 20px 8px; font-size: 13px; color: var(--muted); }
.dots { display: inline-flex; gap: 4px; }
.dots i { width: 6px; height: 6px; border-radius: 50%; background: currentColor; animation: bounce 1.2s infinite; }
.dots i:nth-child(2) { animation-delay: .15s; }
.dots i:nth-child(3) { animation-delay: .3s; }
.below { position: absolute; inset-block-end: 10px; inset-inline: 0; margin-inline: auto; width: max-content; padding: 6px 14px; border-radius: 16px; background: var(--text); color: var(--bg); font-size: 13px; font-weight: 600; box-shadow: 0 4px 12px #0003; }

.note { padding: 0 16px 6px; font-size: 13px; color: var(--bad); }
.note.calm { color: var(--muted); }
.composer { display: flex; align-items: flex-end; gap: 4px; margin: 0 12px 12px; padding: 5px; border: 1.5px solid var(--line); border-radius: 16px; background: var(--bg); }
.composer:focus-within { border-color: var(--focus); }
.composer textarea { flex: 1; min-width: 0; height: 38px; max-height: 132px; padding: 8px 6px; border: 0; outline: 0; background: none; resize: none; font-size: 16px; line-height: 22px; }
textarea::placeholder { color: light-dark(#5f6a70, #98a3a8); opacity: 1; }
.composer .icon { width: 38px; height: 38px; border-radius: 11px; color: var(--muted); }
.composer .icon:not(.send):hover { background: var(--soft); }
.composer .send { background: var(--accent); color: var(--on-accent); }
.composer .send[aria-disabled=true] { background: var(--soft); color: var(--muted); cursor: default; }
[dir=rtl] .send svg { transform: scaleX(-1); }
.drop .composer { border-style: dashed; border-color: var(--focus); }
.hide { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

.root.page { inset: 0; }
.page .launcher, .page .shut { display: none; }
.page .panel { inset: 0; margin-inline: auto; width: min(100%, 720px); height: 100%; border-radius: 0; border-block: 0; box-shadow: none; }
@media (max-width: 480px) {
  .root:not(.page).open { inset: 0; }
  .open .launcher { display: none; }
  .root:not(.page) .panel { inset: 0; width: 100%; height: 100dvh; border: 0; border-radius: 0; }
  .composer { margin-block-end: max(12px, env(safe-area-inset-bottom)); }
}
@media (prefers-reduced-motion: no-preference) {
  .panel { animation: rise .15s ease-out; }
}
@media (prefers-reduced-motion: reduce) { * { animation: none !important; } }
@media (forced-colors: active) { .bubble, .choice, .launcher, .primary { border: 1px solid; } }
@keyframes rise { from { opacity: 0; transform: translateY(10px); } }
@keyframes pulse { 50% { opacity: .35; } }
@keyframes bounce { 0%, 60%, 100% { transform: none; } 30% { transform: translateY(-4px); } }
`

/**
 * The sheets for one accent colour. Text on it is black or white, whichever reads better (one of them always passes 4.5:1);
 * lines in the accent are mixed towards the text, so that a pale accent still shows.
 * @param {string} color #rrggbb
 */
export function sheetsFor(color) {
  const main = new CSSStyleSheet()
  main.replaceSync(css)
  const accent = new CSSStyleSheet()
  const on = luminance(color) > 0.179 ? '#000' : '#fff'
  accent.replaceSync(
    `.root { --accent: ${color}; --on-accent: ${on}; --accent-line: color-mix(in srgb, ${color} 65%, light-dark(#1b2124, #e8eced)); }`,
  )
  return [main, accent]
}

/** Relative luminance as WCAG defines it. */
function luminance(color) {
  const [red, green, blue] = [1, 3, 5]
    .map((at) => Number.parseInt(color.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
