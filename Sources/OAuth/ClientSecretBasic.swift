import Cryptography
import HTTP

/// How the gateway says which client it is at another authorization server (RFC 6749 §2.3.1).
package enum ClientSecretBasic {
    /// The value of `Authorization`: id and secret form-encoded, joined by a colon, in base64.
    package static func value(clientID: String, secret: [UInt8]) -> String {
        let id = PercentEncoding.encode(clientID)
        let secret = PercentEncoding.encode(String(decoding: secret, as: UTF8.self))
        return "Basic " + base64(Array("\(id):\(secret)".utf8))
    }

    /// Base64 with padding (RFC 4648 §4), which RFC 7617 asks for.
    private static func base64(_ bytes: [UInt8]) -> String {
        let text = Base64URL.encode(bytes).map { letter -> Character in
            switch letter {
            case "-": return "+"
            case "_": return "/"
            default: return letter
            }
        }
        return String(text) + String(repeating: "=", count: (4 - text.count % 4) % 4)
    }
}
