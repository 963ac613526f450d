extension ConfigurationSchema {
    /// The reference of all keys in Markdown, from the table.
    package static func referencePage() -> String {
        var page = """
            # gateway.conf: every key

            Durations are written `500ms`, `30s`, `10m`, `24h`, `30d`; sizes `512B`, `64KiB`, `4MiB`, `1GiB`; rates `5/s`,
            `30/min`, `1000/h`. In a value `${NAME}` stands for an environment variable. Relative paths begin where the file
            is. `*` in the name of a key stands for a name that you give, `[]` for each item of a list.

            | key | belongs to | value | default | change | what it is |
            |---|---|---|---|---|---|

            """
        for key in keys {
            let cells = [
                "`\(key.path)`", key.place.rawValue, key.valueText, key.defaultText,
                key.change == .restart ? "restart" : "reload", key.text,
            ]
            page += "| \(cells.map(cell).joined(separator: " | ")) |\n"
        }
        return page
    }

    /// A text that cannot end its cell.
    private static func cell(_ text: String) -> String {
        var cell = ""
        for character in text {
            if character == "|" { cell += "\\" }
            cell.append(character)
        }
        return cell
    }
}

extension SchemaKey {
    /// What may be written, with its bounds.
    var valueText: String {
        guard let bounds = type.bounds else { return type.expectation }
        return "\(type.expectation), \(bounds)"
    }

    /// What applies when the key is left out.
    var defaultText: String {
        switch fallback {
        case .required: "required"
        case .absent: "none"
        case .value(let text): "`\(text)`"
        case .inherited(let path): "that of `\(path)`"
        }
    }
}
