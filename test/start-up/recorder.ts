/** Preloaded into a process (`--import`): writes the URL of every module it loads, ES or CommonJS, to the file that LOADED_MODULES names. */
import { openSync, writeSync } from 'node:fs'
import { registerHooks } from 'node:module'

const file = openSync(process.env.LOADED_MODULES!, 'a')

registerHooks({
  load(url, context, next) {
    writeSync(file, `${url}\n`)
    return next(url, context)
  },
})
