/** A small CRM: the customers in a CSV file or in a table of the hub's database. */
import type { Connector } from '#hub/connector.ts'
import { findEntry, toCustomer } from './customers.ts'
import { openFile } from './file.ts'
import { settings } from './settings.ts'
import { eraseLog, migrations, openTable, type Tables, writeLog } from './store.ts'

const directory: Connector<typeof settings> = {
  name: 'directory',
  roles: ['crm'],
  settings,
  migrations,
  async open({ file, columns, trustUnverified }, host) {
    const database = host.database.withTables<Tables>()
    const entries = file ? await openFile(file, columns, host) : openTable(database, host.name)
    return {
      crm: {
        async find(visitor) {
          const entry = await findEntry(visitor, entries)
          return entry && toCustomer(entry, visitor, trustUnverified)
        },
        log: (digest, key) => writeLog(database, host.name, digest, key),
      },
      // The list of customers is the company's own; what was noted down here of one conversation is ours.
      erase: ({ conversation }) => eraseLog(database, host.name, conversation),
    }
  },
}

export default directory
