/** The YAML of this connector. */
import { type Static, Type } from 'typebox'

const column = (title: string, name: string) =>
  Type.String({ title, description: `Heading of the column with the ${title.toLowerCase()}.`, default: name })

export const settings = Type.Object(
  {
    file: Type.Optional(
      Type.String({
        title: 'File',
        description:
          'CSV file of the customers, relative to this file. Without it the table directory_customers is read.',
        examples: ['./customers.csv'],
        format: 'path',
      }),
    ),
    columns: Type.Object(
      {
        id: column('Customer id', 'id'),
        email: column('E-mail address', 'email'),
        phone: column('Phone number', 'phone'),
        name: column('Name', 'name'),
        language: column('Language', 'language'),
        segment: column('Segment', 'segment'),
        value: column('Value', 'value'),
        timeZone: column('Time zone', 'timeZone'),
      },
      {
        title: 'Columns',
        description: 'Which column of the file means what. All other columns become facts for the agent.',
        default: {},
        additionalProperties: false,
      },
    ),
    trustUnverified: Type.Boolean({
      title: 'Trust unverified visitors',
      description:
        'Show the facts also for visitors who only typed an e-mail address or a phone number. Anybody can type one.',
      default: false,
    }),
  },
  { additionalProperties: false },
)

export type Settings = Static<typeof settings>
export type Columns = Settings['columns']
