/// One entry of a server's `scopes:` block, as the operator wrote it.
///
/// Shape: names and patterns are text and not yet checked; `ScopePolicy` compiles a list of
/// definitions and names what is wrong. Patterns are literal names in which `*` stands for any run
/// of bytes.
package struct ScopeDefinition: Sendable, Equatable {
    /// The scope's name, an RFC 6749 §3.3 scope token.
    package var name: String
    /// What the scope means, in the words of the consent page.
    package var description: String
    /// The tools that the scope opens.
    package var tools: [ToolRule]
    /// Patterns of the resource URIs that the scope opens.
    package var resources: [String]
    /// Patterns of the prompt names that the scope opens.
    package var prompts: [String]
    /// Patterns of methods, unknown to the gateway, that the scope opens.
    package var methods: [String]
    /// Names of scopes of the same server that this one includes.
    package var includes: [String]
    /// Whether the challenge of a request without a token names the scope; others are asked for by
    /// step-up.
    package var initial: Bool
    /// Which users and groups may be granted the scope (`<sign-in name>/user:…`, `/group:…`,
    /// `client:…`; `issuer/user:…`, `issuer/group:…` where the tokens are a foreign issuer's); nil
    /// for every signed-in user.
    package var grantedTo: [String]?
    /// Which clients may be granted the scope.
    package var clients: ClientRequirement

    /// A definition; everything but the name may be left out.
    package init(
        name: String,
        description: String = "",
        tools: [ToolRule] = [],
        resources: [String] = [],
        prompts: [String] = [],
        methods: [String] = [],
        includes: [String] = [],
        initial: Bool = true,
        grantedTo: [String]? = nil,
        clients: ClientRequirement = .any
    ) {
        self.name = name
        self.description = description
        self.tools = tools
        self.resources = resources
        self.prompts = prompts
        self.methods = methods
        self.includes = includes
        self.initial = initial
        self.grantedTo = grantedTo
        self.clients = clients
    }
}
