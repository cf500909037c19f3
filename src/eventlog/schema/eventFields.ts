/** How optional fields of agent events read and write (event log format, agent events). */
import type * as z from "zod";
import { bool, nullable, optional, skipDefault, skipEmpty, skipNull, str, usize } from "../../record/schema/fields.ts";

/** `T?`: null or missing, and then not written. Left out of the array form, it does not fail the event. */
export const maybe = <S extends z.ZodType>(inner: S): z.ZodNullable<S> => optional(skipNull(nullable(inner)));
/** A flag that is written only when it is set; null fails. */
export const flag = (): z.ZodBoolean => optional(skipDefault(bool()));
/** A text that is written only when there is one; null fails. */
export const text = (): z.ZodString => optional(skipDefault(str()));
/** A count that is written only above 0; null fails. */
export const count = (): z.ZodBigInt => optional(skipDefault(usize()));
/** A list that is written only with something in it; null fails. */
export const some = <S extends z.ZodType>(items: S): S => optional(skipEmpty(items));
