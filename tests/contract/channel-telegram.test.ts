import { channelContract } from './channel-contract';
import { telegramDriver } from './telegram-driver';

channelContract(telegramDriver);
