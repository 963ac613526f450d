/// Leave to forward a request, with what was decided.
///
/// Made from a decision that allows, or from one that observe mode relaxes together with the proof
/// of that mode; there is no third way.
struct Clearance: Sendable {
    /// What was decided.
    let ruling: Ruling

    private init(ruling: Ruling) {
        self.ruling = ruling
    }

    /// Leave by the rule, or by a valid token alone.
    static func allowed(by rule: RuleReference?) -> Clearance {
        Clearance(ruling: Ruling(.allow, rule: rule))
    }

    /// Leave although the ruling is another; the log says so.
    static func observed(_ ruling: Ruling, _: ObservationPass) -> Clearance {
        Clearance(
            ruling: Ruling(
                ruling.kind, rule: ruling.rule, neededScope: ruling.neededScope, isObserved: true))
    }
}
