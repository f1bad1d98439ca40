import StrataCommands

StrataTool().main()
