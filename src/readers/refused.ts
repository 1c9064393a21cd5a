/** Stops an edit with the reason that is shown instead of it. */
export class Refused extends Error {
  readonly place: string;

  constructor(place: string, reason: string) {
    super(reason);
    this.place = place;
  }
}
