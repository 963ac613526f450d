/// How often clients may register: by their networks.
package typealias RegistrationRates = MinuteRates<ClientNetwork>
