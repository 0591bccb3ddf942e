using RagPlatform.CommandLine;
using RagPlatform.CommandLine.Terminal;

using var session = Session.ForConsole();
return await RagCommandLine.RunAsync(args, session);
