import { LitElement } from "lit";

/**
 * Base of the page's own elements. They draw into the document itself, not into shadow trees: one style sheet, one id space for the
 * accessibility attributes, and the icon font's classes work everywhere.
 */
export class Part extends LitElement {
  protected override createRenderRoot(): HTMLElement {
    return this;
  }
}
