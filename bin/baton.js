#!/usr/bin/env node
// Plain JavaScript, so that an older Node can still read the sentence below instead of failing on TypeScript.
const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 24 || (major === 24 && minor < 12)) {
  console.error(
    `Baton needs Node 24.12 or newer; this is ${process.versions.node} on ${process.platform}-${process.arch}. ` +
      'The repository brings its own for linux-x64, linux-arm64 and win-x64 (npm ci, then npm run or npx). ' +
      'On other platforms install Node 24 from nodejs.org and try again.',
  )
  process.exit(1)
}
// A published package carries JavaScript, since Node strips no types below node_modules; a checkout runs as it is.
await import(import.meta.dirname.includes('node_modules') ? '../dist/src/main.js' : '../src/main.ts')
