/** The browser that the journeys need: the one of this machine, without a window. */
import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

const path = process.env.CHROMIUM_PATH || '/usr/bin/chromium'
const isInstalled = existsSync(path)

/** Why the journeys cannot run here; undefined when they can. */
export const missing: string | undefined = isInstalled
  ? undefined
  : `no Chromium at ${path}. Install it, or set CHROMIUM_PATH to another place`

/** Prints why the journeys are skipped. Throws in CI, where a skip would pass for a success. */
export function explainSkip(): void {
  if (missing === undefined) return
  if (process.env.CI === 'true') throw new Error(`Browser journeys: ${missing}.`)
  console.warn(`Browser journeys are skipped: ${missing}.`)
}

/**
 * Of the browser's own: pages below its address bar, made anew for every window, which cost more than most of our tests do.
 * Chromium heeds only the last list of this kind: those after the first line are what Playwright leaves out.
 */
const leftOut = [
  'WebUIOmniboxPopup,WebUIOmniboxAimPopup',
  'AvoidUnnecessaryBeforeUnloadCheckSync,DestroyProfileOnBrowserClose,HttpsUpgrades,HttpsFirstBalancedModeAutoEnable',
  'LensOverlay,MediaRouter,PaintHolding,ThirdPartyStoragePartitioning,AvoidCorsURLLoaderRestartOnRedirect',
  'OptimizationHints,NetworkTimeServiceQuerying,AimEnabled,PreconnectToSearch',
]

export const openBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: path,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      `--disable-features=${leftOut.join(',')}`,
    ],
  })
