type Defined<Value> = { [Key in keyof Value]?: Exclude<Value[Key], undefined> };

/** Returns the parameters that are set: those of a URL are often undefined, and the client's types forbid passing that on. */
export const definedOnly = <Value extends object>(parameters: Value): Defined<Value> =>
  Object.fromEntries(Object.entries(parameters).filter(([, value]) => value !== undefined)) as Defined<Value>;
