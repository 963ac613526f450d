import AuthorizationServer
import Configuration

/// Reads the users files before anybody relies on them.
///
/// While the process runs, a file that cannot be read leaves the users in place that were read
/// last; at its start there are none, and whoever is missing would lose what was agreed to.
enum UsersCheck {
    /// - Throws: ``StartFailure`` that names the file and the line.
    static func requireReadable(_ configuration: GatewayConfiguration) throws {
        for (_, file) in configuration.signIn.usersFiles {
            do throws(UsersFileAccess.Failure) { _ = try UsersFileAccess.read(file) } catch {
                throw StartFailure(reason: error.description)
            }
        }
    }
}
