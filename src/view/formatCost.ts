/**
 * Money in US dollars: cents from one cent up (`$0.07`, `$12.40`), two significant digits below (`$0.0039`), so that a cost is never
 * shown as nothing. `atLeast` says that some calls have no known price: `≥ $0.82`.
 */
export function formatCost(usd: number, atLeast = false): string {
  if (!Number.isFinite(usd)) return "–";
  return (atLeast ? "≥ " : "") + (usd < 0 ? "−" : "") + amount(Math.abs(usd));
}

function amount(usd: number): string {
  if (usd === 0) return "$0.00";
  if (usd < 0.00001) return "< $0.00001";
  if (usd < 0.00995) {
    const places = 1 - Math.floor(Math.log10(usd));
    return `$${usd.toFixed(places).replace(/(\.\d\d+?)0+$/, "$1")}`;
  }
  const [whole = "0", cents = "00"] = usd.toFixed(2).split(".");
  return `$${whole.replace(/\B(?=(\d{3})+$)/g, ",")}.${cents}`;
}
