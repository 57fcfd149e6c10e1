/** What one field of a cron pattern may contain. */
interface FieldSpecification {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  /** Names for numbers, beginning with that of `min`. */
  readonly names?: readonly string[];
}

/** The set of values that a field matches, and whether it matches all of them. */
export interface CronField {
  readonly values: ReadonlySet<number>;
  /** Whether the field is exactly `*`. */
  readonly isAny: boolean;
}

export interface CronFields {
  readonly minute: CronField;
  readonly hour: CronField;
  readonly dayOfMonth: CronField;
  readonly month: CronField;
  /** 0 is Sunday; 7 becomes 0. */
  readonly dayOfWeek: CronField;
}

/** A pattern is not valid. The message says what is wrong, and what to write. */
export class CronSyntaxError extends Error {
  override readonly name = 'CronSyntaxError';
}

const months = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const days = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
const specifications = {
  minute: { name: 'minute', min: 0, max: 59 },
  hour: { name: 'hour', min: 0, max: 23 },
  dayOfMonth: { name: 'day of month', min: 1, max: 31 },
  month: { name: 'month', min: 1, max: 12, names: months },
  dayOfWeek: { name: 'day of week', min: 0, max: 7, names: days },
} as const satisfies Record<keyof CronFields, FieldSpecification>;

/** More than any real pattern: each minute of an hour, listed, has 189 characters. */
const maxLength = 300;

/**
 * Parses the five fields of a cron pattern: digits, names of months and days, `*`, lists, ranges, and steps of `*` or of a
 * range. This is the grammar that every cron has in common; what only some of them understand is refused.
 * @throws CronSyntaxError
 */
export function parseCronFields(pattern: string): CronFields {
  if (pattern.length > maxLength) {
    throw new CronSyntaxError(`The pattern has more than ${maxLength} characters: write a shorter one.`);
  }
  if (pattern.startsWith('@')) {
    throw new CronSyntaxError(
      `\`${pattern}\` is not supported: write five fields, as \`0 3 * * *\` for every day at 3:00.`,
    );
  }
  const texts = pattern.split(' ');
  if (texts.includes('') || /[^\S ]/.test(pattern)) {
    throw new CronSyntaxError('Separate the five fields by one space each, with none before or after them.');
  }
  if (texts.length === 6 || texts.length === 7) {
    throw new CronSyntaxError(
      `The pattern has ${texts.length} fields. Seconds and years are not supported: write minute, hour, day of month, month and day of week.`,
    );
  }
  const [minute, hour, dayOfMonth, month, dayOfWeek] = texts;
  if (
    texts.length !== 5 ||
    minute === undefined ||
    hour === undefined ||
    dayOfMonth === undefined ||
    month === undefined ||
    dayOfWeek === undefined
  ) {
    throw new CronSyntaxError(
      `The pattern has ${texts.length} ${texts.length === 1 ? 'field' : 'fields'}: write five, which are minute, hour, day of month, month and day of week.`,
    );
  }
  return {
    minute: parseField(minute, specifications.minute),
    hour: parseField(hour, specifications.hour),
    dayOfMonth: parseField(dayOfMonth, specifications.dayOfMonth),
    month: parseField(month, specifications.month),
    dayOfWeek: withSundayAsZero(parseField(dayOfWeek, specifications.dayOfWeek)),
  };
}

function parseField(text: string, specification: FieldSpecification): CronField {
  const values = new Set<number>();
  for (const part of text.split(',')) for (const value of parsePart(part, specification)) values.add(value);
  return { values, isAny: text === '*' };
}

function withSundayAsZero({ values, isAny }: CronField): CronField {
  return { values: new Set([...values].map((value) => value % 7)), isAny };
}

/** Returns the values of one part of a list: `*`, `5`, `MON-FRI`, `0-30/10`. */
function parsePart(part: string, specification: FieldSpecification): number[] {
  const { name, min, max } = specification;
  const [, range = '', step] = /^(\*|[A-Za-z0-9]+(?:-[A-Za-z0-9]+)?)(?:\/(\d{1,2}))?$/.exec(part) ?? [];
  if (range === '') throw unknownPart(part, specification);
  const [first = '', last] = range.split('-');
  const [from, to] =
    range === '*'
      ? [min, name === 'day of week' ? 6 : max]
      : [parseValue(first, part, specification), parseValue(last ?? first, part, specification)];
  if (to < from) {
    throw new CronSyntaxError(
      `\`${part}\` in the field ${name} ends before it begins: write two ranges, as \`${from}-${max},${min}-${to}\`.`,
    );
  }
  if (step !== undefined && range !== '*' && last === undefined) {
    throw new CronSyntaxError(
      `\`${part}\` in the field ${name} has a step and no range: write \`${first}-${max}/${step}\` or \`*/${step}\`.`,
    );
  }
  const every = step === undefined ? 1 : Number(step);
  if (every < 1 || every > max) {
    throw new CronSyntaxError(`The step of \`${part}\` in the field ${name} must be from 1 to ${max}.`);
  }
  return Array.from({ length: Math.floor((to - from) / every) + 1 }, (_, index) => from + index * every);
}

function parseValue(text: string, part: string, specification: FieldSpecification): number {
  const { name, min, max, names = [] } = specification;
  const named = names.indexOf(text.toUpperCase());
  if (named >= 0) return min + named;
  if (!/^\d{1,2}$/.test(text)) throw unknownPart(part, specification);
  const value = Number(text);
  if (value >= min && value <= max) return value;
  throw new CronSyntaxError(`\`${text}\` in the field ${name} is out of range: write a number from ${min} to ${max}.`);
}

function unknownPart(part: string, { name, names }: FieldSpecification): CronSyntaxError {
  const [extension] = /[?#LW+@]/.exec(part.replaceAll(/[a-z]{3}/gi, '')) ?? [];
  if (extension !== undefined && !/^[A-Za-z]{3,}$/.test(part)) {
    return new CronSyntaxError(
      `\`${extension}\` in the field ${name} is not supported: use digits${names === undefined ? '' : ', names'}, \`*\`, lists, ranges and steps.`,
    );
  }
  const example = names === undefined ? '`5`, `1,15`, `0-30`' : `\`1\`, \`${names[1]}\`, \`1-5\``;
  return new CronSyntaxError(`\`${part}\` in the field ${name} is not valid: write ${example}, \`*\` or \`*/2\`.`);
}

/**
 * Returns whether a date matches the fields of day and month. As in every cron: if day of month and day of week are both
 * restricted, one of them is enough.
 */
export function matchesDate({ dayOfMonth, month, dayOfWeek }: CronFields, date: Date): boolean {
  if (!month.values.has(date.getUTCMonth() + 1)) return false;
  const isDay = dayOfMonth.values.has(date.getUTCDate());
  const isWeekday = dayOfWeek.values.has(date.getUTCDay());
  if (dayOfMonth.isAny) return isWeekday;
  if (dayOfWeek.isAny) return isDay;
  return isDay || isWeekday;
}
