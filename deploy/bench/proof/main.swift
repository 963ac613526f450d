// What checking one DPoP proof costs, in microseconds: build with GATEHOUSE_BENCH=1.

import Cryptography
import Glibc
import HTTP
import OAuth
import ProofMaker

/// Monotonic time in nanoseconds.
func now() -> UInt64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
}

let rounds = 20
let proofs = 200
let time: Int64 = 1_800_000_000
let url = "https://mcp.example.com/tickets/mcp"
let token = String(repeating: "x", count: 700)
print("one proof; µs each, minimum and median of \(rounds) rounds")
guard let target = DPoPTarget(url) else { preconditionFailure("the URL is one") }
for algorithm in SignatureAlgorithm.allCases {
    let prover = try Prover(algorithm)
    guard let key = KeyThumbprint(prover.thumbprint) else { preconditionFailure("it is one") }
    let nonces = DPoPNonces(keys: [SecretBytes(randomBytes(32))])
    let request = DPoPRequest(
        method: "POST", target: target,
        accessToken: DPoPRequest.AccessToken(digest: sha256(Array(token.utf8)), key: key))
    let fields = try (0..<proofs).map { _ in
        var fields = Fields()
        fields.append(
            "DPoP",
            try prover.proof(url, at: time, token: token, nonce: nonces.newest(at: time)))
        return fields
    }
    var times: [Double] = []
    for _ in 0..<rounds {
        let verifier = DPoPVerifier(nonces: nonces, replays: DPoPReplays())
        let start = now()
        for field in fields { _ = try verifier.verify(field, for: request, at: time) }
        times.append(Double(now() - start) / Double(proofs) / 1000)
    }
    times.sort()
    let (least, middle) = (times[0], times[rounds / 2])
    print("  \(algorithm.rawValue): \((least * 10).rounded() / 10) \((middle * 10).rounded() / 10)")
}
