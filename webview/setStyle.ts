import { noChange } from "lit";
import { directive, Directive, PartType, type ElementPart, type PartInfo } from "lit/directive.js";

/**
 * Sets style properties of an element through its `style` object, which the page's policy allows (a `style` attribute it refuses).
 * Names as in CSS; custom properties too. Use as `<div ${setStyle({ left: "10%" })}>`, always with the same names.
 */
class SetStyle extends Directive {
  private last: Readonly<Record<string, string>> = {};

  constructor(part: PartInfo) {
    super(part);
    if (part.type !== PartType.ELEMENT) throw new Error("setStyle stands inside an element's tag");
  }

  override update(part: ElementPart, [styles]: [Readonly<Record<string, string>>]): typeof noChange {
    if (part.element instanceof HTMLElement) {
      for (const [name, value] of Object.entries(styles)) {
        if (this.last[name] !== value) part.element.style.setProperty(name, value);
      }
    }
    this.last = styles;
    return noChange;
  }

  override render(styles: Readonly<Record<string, string>>): unknown {
    return styles;
  }
}

export const setStyle = directive(SetStyle);
