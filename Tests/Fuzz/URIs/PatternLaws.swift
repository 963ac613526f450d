import FuzzSupport
import OAuth
import ResourceServer

/// What must hold of a pattern and the names that are held against it.
struct PatternLaws {
    let pattern: ArraySlice<UInt8>
    let name: ArraySlice<UInt8>
    var choices: Choices

    mutating func check() {
        guard let text = String(validating: pattern, as: UTF8.self) else { return }
        guard let compiled = Pattern(text) else {
            return require(
                text.isEmpty || pattern.count > Pattern.maximumLength, "any is a pattern")
        }
        // A star is no NUL, where a name may end for its reader.
        let hasStar = pattern.contains(Self.star)
        let isMatch = Self.matches(pattern, name) && !(hasStar && name.contains(0))
        require(compiled.matches(name.span) == isMatch, "a pattern matches what its stars can be")
        require(
            compiled.matches(text) || hasStar && pattern.contains(0), "a pattern matches itself")
        require(compiled.isLiteral == !hasStar, "without stars it is literal")
        if compiled.isUniversal { require(isMatch || name.contains(0), "stars alone match all") }
        if choices.once(in: 4) { checkTemplate(text) }
    }

    /// A resource template is listed wherever an expansion of it could be read.
    private mutating func checkTemplate(_ text: String) {
        let definition = ScopeDefinition(name: "s", resources: [text])
        guard let policy = try? ScopePolicy([definition], serverName: "s") else { return }
        let scopes = policy.effectiveScopes(held: ScopeSet(policy.names), grantable: nil)
        let isListed = policy.lists(.resourceTemplate(name), for: scopes, visibility: .granted)
        guard let expanded = expansion() else {
            return require(!isListed, "what is no template is not listed")
        }
        // No URI that could be read has a NUL.
        guard !expanded.contains(0) else { return }
        if Self.matches(pattern, expanded[...]) {
            require(isListed, "a template is listed if what it becomes can be read")
        }
        if !name.contains(where: { $0 == 0x7B || $0 == 0x7D }) {
            require(isListed == Self.matches(pattern, name), "without braces it is a name")
        }
    }

    /// The name as a template with some text for each expression; nil if braces do not pair.
    private mutating func expansion() -> [UInt8]? {
        var result: [UInt8] = []
        var isInside = false
        for byte in name {
            switch byte {
            case 0x7B:
                if isInside { return nil }
                isInside = true
                let start = choices.below(pattern.count + 1)
                result += pattern.dropFirst(start).prefix(choices.below(8)).filter {
                    $0 != Self.star
                }
            case 0x7D:
                if !isInside { return nil }
                isInside = false
            default:
                if !isInside { result.append(byte) }
            }
        }
        return isInside ? nil : result
    }

    private static let star = UInt8(ascii: "*")

    /// Whether stars can become what makes the pattern the name: by all ways at once.
    private static func matches(_ pattern: ArraySlice<UInt8>, _ name: ArraySlice<UInt8>) -> Bool {
        // reached[n]: the pattern so far can be the first n bytes of the name.
        var reached = [Bool](repeating: false, count: name.count + 1)
        reached[0] = true
        for element in pattern {
            var next = [Bool](repeating: false, count: name.count + 1)
            for (length, isReached) in reached.enumerated() {
                if element == star {
                    next[length] = isReached || length > 0 && next[length - 1]
                } else if length > 0 {
                    next[length] =
                        reached[length - 1]
                        && name[name.startIndex + length - 1] == element
                }
            }
            reached = next
        }
        return reached[name.count]
    }
}
