// What one decision costs with 1,000 patterns, in nanoseconds: build with GATEHOUSE_BENCH=1.

import Glibc
import OAuth
import ResourceServer

/// Monotonic time in nanoseconds.
func now() -> UInt64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
}

/// Patterns of one shape, and names that the last of them, none of them, and the first matches.
struct Shape {
    let title: String
    let patterns: [String]
    let names: [String]
}

let count = 1000
let shapes = [
    Shape(
        title: "prefixes tool_N_*", patterns: (0..<count).map { "tool_\($0)_*" },
        names: ["tool_999_read", "tool_none_read", "tool_0_read"]),
    Shape(
        title: "one prefix and N suffixes get_*_N", patterns: (0..<count).map { "get_*_\($0)" },
        names: ["get_ticket_999", "get_ticket_x", "get_ticket_0"]),
    Shape(
        title: "suffixes *_N", patterns: (0..<count).map { "*_\($0)" },
        names: ["read_999", "read_none", "read_0"]),
    Shape(
        title: "within *_N_*", patterns: (0..<count).map { "*_\($0)_*" },
        names: ["read_999_x", "read_none_x", "read_0_x"]),
    Shape(
        title: "literal names", patterns: (0..<count).map { "tool_\($0)" },
        names: ["tool_999", "tool_none", "tool_0"]),
]

let held = ScopeSet(parsing: "s0 s1 s2 s3 s4 s5 s6 s7") ?? ScopeSet()
let rounds = 20
let calls = 5000
print(
    "decisions over \(count) patterns in 8 scopes; ns each, minimum and median of \(rounds) rounds")
for shape in shapes {
    // Spread over eight scopes, so that masks and the search for the rule are part of it.
    let definitions = (0..<8).map { scope in
        ScopeDefinition(
            name: "s\(scope)",
            tools: shape.patterns.indices.filter { $0 % 8 == scope }.map {
                ToolRule(name: shape.patterns[$0])
            })
    }
    let policy = try ScopePolicy(definitions, serverName: "bench")
    let scopes = policy.effectiveScopes(held: held, grantable: ScopeSet())
    for (name, place) in zip(shape.names, ["last", "none", "first"]) {
        let bytes = Array(name.utf8)[...]
        var times: [Double] = []
        var allowed = 0
        for _ in 0..<rounds {
            let begun = now()
            for _ in 0..<calls {
                let verdict = policy.judge(.tool(name: bytes, arguments: nil), for: scopes)
                if verdict.decision == .allow { allowed += 1 }
            }
            times.append(Double(now() - begun) / Double(calls))
        }
        guard allowed == (place == "none" ? 0 : rounds * calls) else {
            print("\(shape.title): \(name) was decided wrongly")
            exit(1)
        }
        times.sort()
        let title = shape.title.padding(to: 36)
        print("\(title) \(place.padding(to: 6)) \(Int(times[0])) \(Int(times[rounds / 2]))")
    }
}

extension String {
    func padding(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }
}
