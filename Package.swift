// swift-tools-version: 6.2

import PackageDescription

let package = Package(
    name: "gatehouse",
    products: [
        .executable(name: "gatehouse", targets: ["gatehouse"])
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
    ],
    targets: [
        .executableTarget(
            name: "gatehouse",
            dependencies: [
                "Gateway",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            // Relocations take 1 MB in the usual form, all of it read at every start; packed, 30 KB.
            linkerSettings: [
                .unsafeFlags(
                    [
                        "-use-ld=lld", "-Xlinker", "-z", "-Xlinker", "pack-relative-relocs",
                        "-Xlinker",
                        "--icf=safe",
                    ],
                    .when(configuration: .release))
            ]),

        // C libraries of the system.
        .systemLibrary(
            name: "CLibevent", pkgConfig: "libevent_core",
            providers: [.apt(["libevent-dev"])]),
        .systemLibrary(name: "COpenSSL", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(
            name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        .systemLibrary(name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),

        .target(name: "JSON", dependencies: []),
        .target(name: "HTTP", dependencies: []),
        .target(name: "Cryptography", dependencies: ["COpenSSL"]),
        .target(name: "Transport", dependencies: ["CLibevent", "COpenSSL"]),
        .target(name: "JOSE", dependencies: ["JSON", "Cryptography"]),
        .target(name: "OAuth", dependencies: ["JSON", "HTTP", "Cryptography", "JOSE"]),
        .target(name: "MCP", dependencies: ["JSON", "HTTP"]),
        .target(name: "HTTPClient", dependencies: ["HTTP", "JOSE", "Transport"]),
        .target(name: "Seals", dependencies: ["Cryptography"]),
        .target(name: "Storage", dependencies: ["CSQLite"]),
        .target(
            name: "AuthorizationServer",
            dependencies: [
                "Cryptography", "HTTP", "HTTPClient", "JOSE", "JSON", "OAuth", "Seals", "Storage",
                "Transport",
            ]),
        .target(
            name: "ResourceServer",
            dependencies: [
                "Cryptography", "HTTP", "HTTPClient", "JOSE", "JSON", "MCP", "OAuth", "Seals",
            ]),
        .target(
            name: "Proxy",
            dependencies: ["HTTP", "HTTPClient", "JSON", "MCP", "ResourceServer", "Transport"]),
        .target(
            name: "Configuration",
            dependencies: [
                "AuthorizationServer", "CYAML", "Cryptography", "HTTP", "HTTPClient", "JOSE",
                "JSON", "OAuth", "Proxy", "ResourceServer", "Transport",
            ]),
        .target(
            name: "Gateway",
            dependencies: [
                "AuthorizationServer", "Configuration", "Cryptography", "HTTP", "HTTPClient",
                "JOSE", "JSON", "MCP", "OAuth", "Proxy", "ResourceServer", "Seals", "Storage",
                "Transport",
                .product(name: "Logging", package: "swift-log"),
            ]),

        // Proofs of keys, for the tests of those who check them.
        .target(
            name: "ProofMaker", dependencies: ["Cryptography", "JOSE", "JSON"],
            path: "Tests/ProofMaker"),
        .testTarget(name: "JSONTests", dependencies: ["JSON"]),
        .testTarget(name: "HTTPTests", dependencies: ["HTTP"]),
        .testTarget(name: "CryptographyTests", dependencies: ["Cryptography"]),
        .testTarget(name: "TransportTests", dependencies: ["Transport"]),
        .testTarget(
            name: "JOSETests", dependencies: ["Cryptography", "JOSE", "JSON", "ProofMaker"]),
        .testTarget(
            name: "OAuthTests",
            dependencies: ["Cryptography", "HTTP", "JOSE", "JSON", "OAuth", "ProofMaker"]),
        .testTarget(name: "MCPTests", dependencies: ["HTTP", "JSON", "MCP"]),
        .testTarget(
            name: "HTTPClientTests",
            dependencies: ["Cryptography", "HTTP", "HTTPClient", "JOSE", "Transport"]),
        .testTarget(name: "SealsTests", dependencies: ["Cryptography", "Seals"]),
        .testTarget(name: "StorageTests", dependencies: ["Storage"]),
        .testTarget(
            name: "AuthorizationServerTests",
            dependencies: [
                "AuthorizationServer", "Cryptography", "HTTP", "HTTPClient", "JOSE", "JSON",
                "OAuth", "ProofMaker", "ResourceServer", "Seals", "Storage", "Transport",
            ]),
        .testTarget(
            name: "ResourceServerTests",
            dependencies: [
                "Cryptography", "HTTP", "JOSE", "JSON", "MCP", "OAuth", "ProofMaker",
                "ResourceServer", "Seals",
            ]),
        .testTarget(
            name: "ProxyTests",
            dependencies: [
                "Cryptography", "HTTP", "HTTPClient", "JOSE", "MCP", "Proxy", "ResourceServer",
                "Seals", "Transport",
            ]),
        .testTarget(
            name: "ConfigurationTests",
            dependencies: [
                "AuthorizationServer", "Configuration", "Cryptography", "HTTP", "OAuth", "Proxy",
                "ResourceServer",
            ]),
        .testTarget(
            name: "GatewayTests",
            dependencies: [
                "AuthorizationServer", "Configuration", "Cryptography", "Gateway", "HTTP",
                "HTTPClient",
                "JOSE",
                "JSON", "OAuth", "Proxy", "ResourceServer", "Storage", "Transport",
                .product(name: "Logging", package: "swift-log"),
            ]),
        .testTarget(name: "TidyTests"),
    ]
)

// Programs that measure, built on request only.
if Context.environment["GATEHOUSE_BENCH"] != nil {
    package.targets.append(
        .executableTarget(
            name: "DecisionBench", dependencies: ["OAuth", "ResourceServer"],
            path: "deploy/bench/decision"))
    package.targets.append(
        .executableTarget(
            name: "ProofBench", dependencies: ["Cryptography", "HTTP", "OAuth", "ProofMaker"],
            path: "deploy/bench/proof"))
}

// The fuzz targets, for `deploy/fuzz.sh` alone: what else there is would only take time to build.
let isFuzzing = Context.environment["GATEHOUSE_FUZZ"] != nil
if isFuzzing {
    package.products = []
    package.dependencies = []
    package.targets.removeAll { $0.type == .test || $0.name == "Gateway" || $0.name == "gatehouse" }
    package.targets.append(.target(name: "FuzzSupport", path: "Tests/Fuzz/Support"))
    let targets: [(name: String, modules: [Target.Dependency])] = [
        ("HTTP", ["HTTP"]), ("JSON", ["JSON"]), ("Events", ["MCP"]),
        ("Messages", ["HTTP", "JSON", "MCP"]), ("JWS", ["Cryptography", "JOSE", "JSON", "OAuth"]),
        ("Forms", ["Cryptography", "HTTP", "OAuth"]),
        ("URIs", ["HTTP", "OAuth", "ResourceServer"]),
        ("Configuration", ["Configuration", "HTTP", "OAuth", "ResourceServer"]),
    ]
    for (name, modules) in targets {
        package.targets.append(
            .executableTarget(
                name: "Fuzz\(name)", dependencies: modules + ["FuzzSupport"],
                path: "Tests/Fuzz/\(name)",
                linkerSettings: [.unsafeFlags(["-sanitize=fuzzer,address"])]))
    }
}

// Every Swift target is compiled alike: Swift 6 mode, and no warning survives.
for target in package.targets where target.type != .system {
    target.swiftSettings = [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .strictMemorySafety(),
        .treatAllWarnings(as: .error),
        // The hot path crosses modules. Overlapping accesses are still found by the compiler, and
        // at run time in debug builds, which the tests are.
        .unsafeFlags(
            ["-cross-module-optimization", "-enforce-exclusivity=unchecked"],
            .when(configuration: .release)),
    ]
    // Given one by one with `--sanitize`, the last sanitizer would be the only one; and without its
    // kinds of coverage named, Swift's is one that libFuzzer does not see. What judges the modules
    // is no part of what is to be covered, nor are modules that are only there for their options.
    if isFuzzing {
        let unread = [
            "AuthorizationServer", "HTTPClient", "Proxy", "Seals", "Storage", "Transport",
        ]
        let isUnwatched = target.path?.hasPrefix("Tests") ?? unread.contains(target.name)
        target.swiftSettings?.append(
            .unsafeFlags(
                isUnwatched
                    ? ["-parse-as-library", "-sanitize=address"]
                    : [
                        "-parse-as-library", "-sanitize=fuzzer,address",
                        "-sanitize-coverage=edge,inline-8bit-counters,pc-table,trace-cmp",
                    ]))
    }
}
