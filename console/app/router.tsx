/** Every screen, and where it is. Each is loaded when it is first opened. */
import {
  type AnyRoute,
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
} from '@tanstack/react-router'
import { Frame } from './frame/Frame.tsx'
import { Broken } from './parts/Broken.tsx'
import { Lost } from './parts/Lost.tsx'
import { parseSearch, stringifySearch } from './url.ts'

const root = createRootRoute({ component: Outlet, notFoundComponent: Lost })

const login = createRoute({
  getParentRoute: () => root,
  path: '/login',
  component: lazyRouteComponent(() => import('./screens/login/index.tsx')),
})
const setup = createRoute({
  getParentRoute: () => root,
  path: '/setup',
  component: lazyRouteComponent(() => import('./screens/setup/index.tsx')),
})

const frame = createRoute({ getParentRoute: () => root, id: 'frame', component: Frame, notFoundComponent: Lost })

const home = createRoute({
  getParentRoute: () => frame,
  path: '/',
  component: lazyRouteComponent(() => import('./frame/Home.tsx')),
})

const screens = {
  queue: () => import('./screens/queue/index.tsx'),
  inbox: () => import('./screens/inbox/index.tsx'),
  conversations: () => import('./screens/conversations/index.tsx'),
  connections: () => import('./screens/connections/index.tsx'),
  'dead-letters': () => import('./screens/dead-letters/index.tsx'),
  suggestions: () => import('./screens/suggestions/index.tsx'),
  reports: () => import('./screens/reports/index.tsx'),
  mappings: () => import('./screens/mappings/index.tsx'),
  settings: () => import('./screens/settings/index.tsx'),
} as const

/** `/queue` and `/queue/<id>` are one screen: it stays when the id changes. */
const inFrame = Object.entries(screens).map(([name, load]) => {
  const screen = createRoute({ getParentRoute: () => frame, path: `/${name}`, component: lazyRouteComponent(load) })
  const part = createRoute({ getParentRoute: () => screen, path: '/$id' })
  return screen.addChildren([part])
})

const nowhere = createRoute({ getParentRoute: () => frame, path: '/$', component: Lost })

export const router = createRouter({
  routeTree: root.addChildren([login, setup, frame.addChildren([home, ...inFrame, nowhere])]) as AnyRoute,
  basepath: '/console',
  parseSearch: parseSearch as never,
  stringifySearch: stringifySearch as never,
  defaultErrorComponent: Broken as never,
  defaultPreload: 'intent',
  scrollRestoration: false,
})
