/// What a name looks like to a person: text of letters and digits in which names that look alike are
/// equal.
///
/// Compatibility forms (full width, mathematical, circled …), accents and invisible characters are
/// folded away, letters of other scripts become the Latin ones that they look like, and so do digits.
/// It folds more than Unicode's NFKC and confusables do (UTS #39 §4): it guards a few names, and
/// nothing is shown of it.
struct NameSkeleton: Hashable {
    /// The words in their order; none is empty.
    let words: [String]

    /// The most Unicode scalars of a name that are looked at.
    static let scalarLimit = 256

    /// The skeleton of a name.
    init(_ name: String) {
        var words: [String] = []
        var word = ""
        for scalar in name.unicodeScalars.prefix(Self.scalarLimit) {
            switch Self.fold(scalar) {
            case .nothing: continue
            case .letters(let letters): word += letters
            case .boundary:
                if !word.isEmpty { words.append(word) }
                word = ""
            }
        }
        if !word.isEmpty { words.append(word) }
        // These two look like one.
        self.words = words.map(Self.joiningPairs)
    }

    /// All words without the spaces between them.
    var joined: String { words.joined() }

    /// Whether some words that follow each other spell the same as all of the other name, wherever
    /// either has its spaces.
    func contains(_ other: NameSkeleton) -> Bool {
        let wanted = other.joined
        guard !wanted.isEmpty else { return false }
        return words.indices.contains { start in
            var run = ""
            for word in words[start...] {
                run += word
                if run == wanted { return true }
                if run.utf8.count >= wanted.utf8.count { return false }
            }
            return false
        }
    }

    private enum Folded {
        case letters(String)
        case nothing
        case boundary
    }

    private static func fold(_ scalar: Unicode.Scalar) -> Folded {
        if scalar.value < 0x80 { return foldASCII(scalar) }
        let properties = scalar.properties
        if properties.isDefaultIgnorableCodePoint { return .nothing }
        switch properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .spacingMark, .format, .control: return .nothing
        default: break
        }
        let lowercase = properties.lowercaseMapping
        if let latin = lookalikes[lowercase] { return .letters(latin) }
        if let letter = namedLetter(properties.name) { return .letters(letter) }
        if let digit = digit(properties) { return .letters(digit) }
        return properties.isAlphabetic ? .letters(lowercase) : .boundary
    }

    private static func foldASCII(_ scalar: Unicode.Scalar) -> Folded {
        switch scalar {
        case "A"..."Z", "a"..."z", "0"..."9", "|":
            let lowercase = scalar.properties.lowercaseMapping
            return .letters(asciiLookalikes[lowercase] ?? lowercase)
        default: return .boundary
        }
    }

    /// The letter that Unicode's name of a character spells out, as in FULLWIDTH LATIN SMALL LETTER
    /// C, MATHEMATICAL BOLD CAPITAL C and LATIN SMALL LETTER C WITH CEDILLA.
    private static func namedLetter(_ name: String?) -> String? {
        guard let name else { return nil }
        for word in name.split(separator: " ") where word.utf8.count == 1 {
            guard word >= "A", word <= "Z" else { continue }
            let lowercase = word.lowercased()
            return asciiLookalikes[lowercase] ?? lowercase
        }
        return nil
    }

    private static func digit(_ properties: Unicode.Scalar.Properties) -> String? {
        guard let value = properties.numericValue, value >= 0, value <= 9,
            value == value.rounded()
        else { return nil }
        let digit = String(Int(value))
        return asciiLookalikes[digit] ?? digit
    }

    private static func joiningPairs(_ word: String) -> String {
        var result = ""
        for character in word {
            if character == "n", result.last == "r" {
                result.removeLast()
                result.append("m")
            } else {
                result.append(character)
            }
        }
        return result
    }

    /// Letters and digits that look alike in one font or another; capital I is among them.
    private static let asciiLookalikes = ["i": "l", "1": "l", "|": "l", "0": "o"]

    /// Lower-case letters of other scripts by the Latin ones that they, or their capitals, look like.
    private static let lookalikes = [
        // Cyrillic
        "а": "a", "в": "b", "с": "c", "ԁ": "d", "е": "e", "ё": "e", "є": "e", "һ": "h", "н": "h",
        "і": "l", "ї": "l", "ӏ": "l", "ј": "j", "к": "k", "м": "m", "о": "o", "р": "p", "ԛ": "q",
        "г": "r", "ѕ": "s", "т": "t", "у": "y", "ү": "y", "ѵ": "v", "ԝ": "w", "х": "x",
        // Greek
        "α": "a", "β": "b", "γ": "y", "ε": "e", "ζ": "z", "η": "n", "ι": "l", "κ": "k", "μ": "u",
        "ν": "v", "ο": "o", "ρ": "p", "σ": "o", "ς": "c", "τ": "t", "υ": "u", "χ": "x", "ω": "w",
        "ϲ": "c", "ϳ": "j",
        // Armenian, Cherokee, Latin of other looks
        "օ": "o", "ո": "n", "ս": "u", "հ": "h", "ց": "g", "ɑ": "a", "ı": "l", "ɡ": "g", "ǀ": "l",
        "ꮯ": "c", "ꭰ": "d", "ꭼ": "e", "ꮋ": "h", "ʟ": "l", "ⅼ": "l", "ⅽ": "c", "ⅾ": "d",
    ]
}
