using RagPlatform.Bench.Load;

if (args is not [var command, var gateway, var key, ..])
{
    Console.Error.WriteLine("""
        usage: drop GATEWAY KEY AMQP [COUNT]               time from drop to searchable, one document at a time
               ask  GATEWAY KEY [CHUNKS] [QUESTIONS]       the platform's own share of an Ask, everything but the model
        example: dotnet run -c Release --project bench/Load -- ask http://127.0.0.1:7600 dev 10000 200
        """);
    return 2;
}

using var target = new Target(gateway, key);
switch (command)
{
    case "drop" when args.Length >= 4:
        await DropLatency.RunAsync(target, new Uri(args[3]), Number(4, 50));
        return 0;
    case "ask":
        await AskShare.RunAsync(target, Number(3, 10_000), Number(4, 200));
        return 0;
    default:
        Console.Error.WriteLine($"command: '{command}' with {args.Length - 1} arguments is unknown; run without arguments for help.");
        return 2;
}

int Number(int position, int otherwise) =>
    args.Length > position ? int.Parse(args[position], System.Globalization.CultureInfo.InvariantCulture) : otherwise;
